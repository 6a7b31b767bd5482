//! Issues as the forms of public projects make them, with answers of our own. The headings are those of the projects' form
//! files; what is attributed is the release that a reader of the issue would name.

use super::*;

/// The release that an issue of a repository is attributed to.
fn found_of(
    repository: &str,
    releases: &[&str],
    candidate: &str,
    body: &str,
) -> (Option<String>, AttributionMethod) {
    let days = ["01-01", "02-01", "03-01", "04-01", "05-01"];
    let releases: Vec<String> = releases.iter().zip(days).map(|(tag, day)| format!("{tag} {day}")).collect();
    let releases: Vec<&str> = releases.iter().map(String::as_str).collect();
    let mut one = issue(&[], body);
    one.url = format!("https://github.com/{repository}/issues/1");
    found(&one, &timeline(&releases, candidate))
}

/// As the form says, also where the repository has another name than its product.
fn check(repository: &str, releases: &[&str], candidate: &str, body: &str, expected: &str) {
    for repository in [repository, "acme/app"] {
        let found = found_of(repository, releases, candidate, body);
        assert_eq!(found, (Some(expected.into()), AttributionMethod::Form), "{repository}");
    }
}

#[test]
fn grafana_lists_versions_of_surroundings() {
    let body = "### What happened?\n\nPanel is empty.\n\n### Did this work before?\n\nYes, v10.3.0 was fine.\n\n\
                ### Environment (with versions)?\n\nGrafana: v10.4.1 (d94d597d84)\nOS: Ubuntu 22.04\nBrowser: Chrome 124.0.6367.60\n\n\
                ### Grafana Platform?\n\nDocker\n\n### Datasource(s)?\n\nInfinity 10.4.2\n";
    check("grafana/grafana", &["v10.3.0", "v10.4.1", "v10.4.2"], "v10.4.3", body, "v10.4.1");
}

#[test]
fn electron_asks_for_last_working_version_too() {
    let body = "### Preflight Checklist\n\n- [x] I searched\n\n### Electron Version\n\n30.0.1\n\n\
                ### What operating system(s) are you using?\n\nmacOS\n\n### Operating System Version\n\nmacOS 14.4.1\n\n\
                ### Last Known Working Electron version\n\n30.1.0\n\n### Expected Behavior\n\nIt opens.\n";
    check("electron/electron", &["v29.3.1", "v30.0.1", "v30.1.0"], "v30.1.1", body, "v30.0.1");
}

#[test]
fn ruff_answer_has_commit_and_day() {
    let body = "### Summary\n\nFalse positive.\n\n### Version\n\nruff 0.9.3 (90589372d 2025-01-23)\n";
    check("astral-sh/ruff", &["0.9.2", "0.9.3", "0.9.4"], "0.9.5", body, "0.9.3");
}

#[test]
fn vite_answer_lists_installed_packages() {
    let body = "### Describe the bug\n\nx\n\n### System Info\n\n```shell\nSystem:\n    OS: macOS 14.4.1\n    CPU: (8) arm64 Apple M1\n  \
                Binaries:\n    Node: 20.11.0 - ~/.nvm/versions/node/v20.11.0/bin/node\n    npm: 10.2.4 - ~/bin/npm\n  Browsers:\n    \
                Chrome: 124.0.6367.60\n    Safari: 17.4.1\n  npmPackages:\n    @vitejs/plugin-react: ^4.2.1 => 4.2.1\n    \
                vite: ^5.2.0 => 5.2.8\n```\n\n### Used Package Manager\n\nnpm\n";
    check("vitejs/vite", &["v5.1.0", "v5.2.0", "v5.2.8", "v5.2.9"], "v5.2.10", body, "v5.2.8");
}

#[test]
fn deno_template_has_one_line() {
    check(
        "denoland/deno",
        &["v1.42.4", "v1.43.0", "v1.43.1"],
        "v1.43.2",
        "It hangs.\n\nVersion: Deno 1.43.0\n",
        "v1.43.0",
    );
}

#[test]
fn ansible_answer_is_output_of_command() {
    let body = "### Summary\n\nx\n\n### Ansible Version\n\n```console\n$ ansible --version\nansible [core 2.16.3]\n  config file = None\n  \
                python version = 3.11.6 (main, Oct  2 2023, 13:45:54) [GCC 12.3.0] (/usr/bin/python3)\n  jinja version = 3.1.2\n  \
                libyaml = True\n```\n\n### OS / Environment\n\nRHEL 8\n";
    check("ansible/ansible", &["v2.15.9", "v2.16.3", "v2.16.4"], "v2.16.5", body, "v2.16.3");
}

#[test]
fn jellyfin_choice_may_point_to_another_field() {
    let releases = ["v10.8.13", "v10.9.0", "v10.9.1"];
    let body = "### Jellyfin Server version\n\nOlder*\n\n### Specify commit id\n\n_No response_\n\n### Specify version number\n\n10.8.13\n\n\
                ### Specify the build version\n\n10.8.13\n\n### Environment\n\n```markdown\n- OS: Debian 12\n- Browser: Firefox 125.0.1\n\
                - FFmpeg Version: 6.0.1-Jellyfin\n```\n";
    check("jellyfin/jellyfin", &releases, "v10.9.2", body, "v10.8.13");
    let body = "### Jellyfin Server version\n\nMaster\n\n### Specify commit id\n\n610e56baafc3011e1bfa043bdabb567bda0c2ab0\n";
    assert_eq!(found_of("jellyfin/jellyfin", &releases, "v10.9.2", body), (None, AttributionMethod::Form));
}

#[test]
fn kubernetes_answer_stands_in_details() {
    let body = "### What happened?\n\nx\n\n### Kubernetes version\n\n<details>\n\n```console\n$ kubectl version\n\
                Client Version: version.Info{Major:\"1\", Minor:\"28\", GitVersion:\"v1.28.7\", GitCommit:\"1b4df30b3cdfe\", \
                BuildDate:\"2024-02-14T17:04:23Z\", GoVersion:\"go1.21.7\", Platform:\"darwin/amd64\"}\nKustomize Version: v5.0.4\n\
                Server Version: version.Info{Major:\"1\", Minor:\"28\", GitVersion:\"v1.28.7\", GoVersion:\"go1.21.7\"}\n```\n\n</details>\n\n\
                ### OS version\n\n<details>\n\n```console\nVERSION_ID=\"1.29.2\"\n```\n\n</details>\n\n\
                ### Related plugins (CNI, CSI, ...) and versions (if applicable)\n\ncalico v1.29.2\n";
    check("kubernetes/kubernetes", &["v1.27.11", "v1.28.7", "v1.29.2"], "v1.29.3", body, "v1.28.7");
}

#[test]
fn nextcloud_names_versions_of_engines() {
    let body = "### Bug description\n\nx\n\n### Nextcloud Server version\n\n28\n\n### PHP engine version\n\nPHP 8.2\n\n\
                ### Database engine version\n\nMariaDB\n\n### Is this bug present after an update or on a fresh install?\n\n\
                Upgraded to a MAJOR version (ex. 28 to 29)\n";
    check("nextcloud/server", &["v27.1.8", "v28.0.4", "v29.0.0"], "v29.0.1", body, "v28.0.4");
}

#[test]
fn pandas_answer_has_underlined_title() {
    let body = "### Expected Behavior\n\nx\n\n### Installed Versions\n\n<details>\n\nINSTALLED VERSIONS\n------------------\n\
                commit : f538741432edf55c6b9fb5d0d496d2dd1d7c2457\npython : 3.11.6.final.0\nOS : Linux\nOS-release : 6.5.0-28-generic\n\
                machine : x86_64\n\npandas : 2.2.0\nnumpy : 1.26.3\npytz : 2023.3\n\n</details>\n";
    check("pandas-dev/pandas", &["v2.1.4", "v2.2.0", "v2.2.1"], "v2.2.2", body, "v2.2.0");
}

#[test]
fn keycloak_answer_names_several_versions() {
    let body = "### Area\n\noidc\n\n### Version\n\n23.0.7 (works in 22.0.5), also nightly\n\n### Expected behavior\n\nx\n";
    check("keycloak/keycloak", &["22.0.5", "23.0.7", "24.0.2"], "24.0.3", body, "23.0.7");
}

#[test]
fn langchain_lists_packages_of_one_repository() {
    let body = "### Description\n\nx\n\n### System Info\n\nSystem Information\n------------------\n> OS:  Linux\n\
                > Python Version:  3.11.6 (main)\n\nPackage Information\n-------------------\n> langchain_core: 0.1.46\n\
                > langchain: 0.1.16\n> langsmith: 0.1.48\n";
    let releases = ["langchain==0.1.15", "langchain==0.1.16", "langchain-core==0.1.46"];
    let found = found_of("langchain-ai/langchain", &releases, "langchain==0.1.17", body);
    assert_eq!(found, (Some("langchain==0.1.16".into()), AttributionMethod::Form));
}
