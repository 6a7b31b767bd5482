#![allow(clippy::unwrap_used)]
use super::Reference::{Commit, PullRequest, Subject};
use super::*;

const ID: &str = "0123456789012345678901234567890123456789";

fn words(message: &str) -> MessageReferences {
    MessageReferences::of_commit(message, "acme/shop")
}

fn closes(message: &str) -> Vec<u64> {
    words(message).closes.into_iter().map(|number| number.0).collect()
}

#[test]
fn documented_forms_close_issues() {
    assert_eq!(closes("Stop the crash\n\nFixes #12, closes: #7 (Resolved GH-3)."), [3, 7, 12]);
    assert_eq!(closes("fix ACME/shop#4"), [4]);
    assert_eq!(closes("closed https://github.com/acme/shop/issues/9#issuecomment-1"), [9]);
    assert_eq!(closes("FIXED: #1\r\nresolve #2"), [1, 2]);
    assert_eq!(closes("Merge pull request #9 from acme/keep\n\nKeep the order, fixes #1"), [1]);
}

#[test]
fn mentions_close_nothing() {
    for message in [
        "see #12",
        "fixes other/repo#12",
        "prefixes #12",
        "fixes #12abc",
        "fixes #0",
        "fixes #",
        "fixes the thing in #12",
        "closes https://github.com/other/repo/issues/9",
        "fixes #99999999999999999999999",
        "fixing #12",
        "This does not fix #12 yet.",
        "Log more\n\nThis doesn't really fix #12",
        "Bump parser\n\n> Release notes\n> fixes #12",
        "Bump parser\n\n<blockquote>\nfixes #12\n</blockquote>",
        "Title\n\n<!-- Fixes #12 -->",
        "Title\n\n```\nfixes #12\n```",
        "Title\n\n- [ ] fixes #12",
        "Title\n\nPartially fixes #12",
    ] {
        assert_eq!(closes(message), [0; 0], "{message}");
    }
}

#[test]
fn sentence_after_denial_closes() {
    assert_eq!(closes("It does not crash. Fixes #12"), [12]);
    assert_eq!(closes("> quoted\n\nFixes #12"), [12]);
}

#[test]
fn words_of_reverted_commit_are_not_own() {
    for message in [
        "Revert \"Keep the order, fixes #12\"\n\nThis reverts commit 1a2b3c4.",
        "revert: keep the order (fixes #12)\n\nThis reverts commit 1a2b3c4.",
        "Merge pull request #90 from acme/revert-85-fix\n\nRevert \"Keep the orders, fixes #12\"",
        "Merge branch 'x'\n\n* x:\n  Revert \"Keep, fixes #12\"",
    ] {
        assert_eq!(closes(message), [0; 0], "{message}");
    }
    assert_eq!(closes(&format!("Revert \"New cart (#80)\"\n\nThis reverts commit {ID}.\n\nFixes #1")), [1]);
}

#[test]
fn reverts_name_commit_pull_request_and_subject() {
    let found = words(&format!("Revert \"Keep the order (#2)\" (#3)\n\nThis reverts commit {ID}."));
    assert_eq!(found.reverts, [Commit(ID.into()), PullRequest(2), Subject("Keep the order".into())]);
    assert_eq!((found.merged_by, found.reapplies), (Some(3), false));
    let pull = MessageReferences::of_pull_request(
        "Revert \"Keep the order\"",
        "Reverts acme/shop#2",
        None,
        "acme/shop",
    );
    assert_eq!(pull.reverts, [PullRequest(2), Subject("Keep the order".into())]);
    assert_eq!(words("revert(cart): keep (#2) (#3)").reverts, [PullRequest(2), Subject("keep".into())]);
    let merge = words(&format!(
        "Revert \"Merge\"\n\nThis reverts commit {ID}, reversing\nchanges made to abcdef012345."
    ));
    assert!(merge.reverts.contains(&Commit(ID.into())) && merge.reverts.len() == 2);
}

#[test]
fn revert_without_quotation_marks_is_read() {
    for message in [
        "Revert #2 (#3)",
        "Revert PR #2: it breaks checkout (#3)",
        "Revert the changes of #2",
        "Rollback of #2",
        "Revert \"Merge pull request #2 from ada/keep\" (#3)",
        "Tidy\n\nReverts: #2",
        "Tidy\n\nIt broke checkout, so this reverts #2.",
        "Tidy\n\nThis commit reverts https://github.com/acme/shop/pull/2",
        "Tidy\n\nThis is a revert of #2, because #5 replaces it.",
    ] {
        let numbers: Vec<_> =
            words(message).reverts.into_iter().filter(|one| matches!(one, PullRequest(_))).collect();
        assert_eq!(numbers, [PullRequest(2)], "{message}");
    }
    assert_eq!(words("Backed out changeset 1a2b3c4 (bug 7)").reverts, [Commit("1a2b3c4".into())]);
    assert_eq!(words("Revert 1a2b3c4").reverts, [Commit("1a2b3c4".into())]);
    assert_eq!(words("Revert Keep the order (#3)").perhaps_reverts, Some(("Keep the order".into(), false)));
}

#[test]
fn revert_of_several_commits_names_each() {
    let both = [Commit("1a2b3c4".into()), Commit("2b3c4d5".into())];
    for message in [
        "Undo it\n\nThis reverts commits 1a2b3c4 and 2b3c4d5.",
        "Undo it\n\nThis reverts commits 1a2b3c4,\n2b3c4d5.",
        "Undo it\n\nThis reverts the following commits:\n\n- 1a2b3c4 (\"Keep\")\n- 2b3c4d5\n\nSee 3c4d5e6.",
        "Undo it\n\nThis reverts commit 1a2b3c4.\nThis reverts commit 2b3c4d5.",
    ] {
        assert_eq!(words(message).reverts, both, "{message}");
    }
}

#[test]
fn other_reverts_are_only_mentioned() {
    for message in [
        "Tidy\n\nThis does not revert #2.",
        "Tidy\n\nThe branch of #8 reverts #2; this one keeps it.",
        "Tidy\n\n- [ ] This reverts #2",
        "Revert to #2",
    ] {
        assert_eq!(words(message).reverts, [], "{message}");
    }
}

#[test]
fn revert_of_a_copy_is_no_copy() {
    for message in [
        "Revert backport of #2 (#3)",
        "revert: Keep the order (backport #2) (#3)",
        "Revert \"Keep the order (backport #2)\" (#3)",
        "Tidy\n\nThis reverts the backport of #2.",
    ] {
        let found = words(message);
        assert!(found.copies.is_empty() && !found.reverts.is_empty(), "{message}");
    }
    // A copy of a revert says so below.
    let picked = words("Revert \"Keep the order\"\n\n(cherry picked from commit 1a2b3c4)");
    assert_eq!(picked.copies, [Commit("1a2b3c4".into())]);
}

#[test]
fn plain_use_of_the_word_reverts_nothing() {
    for message in
        ["Revert to the old cart", "Reverting is hard", "Reverts are noted", "Reverted prices are shown"]
    {
        assert_eq!(words(message).reverts, [], "{message}");
    }
}

#[test]
fn partial_revert_takes_nothing_back() {
    for message in [
        format!("Drop the lock\n\nThis partially reverts commit {ID}."),
        format!("Partial revert of the lock\n\nThis reverts commit {ID}."),
        format!("Drop the lock\n\nThis reverts part of commit {ID}."),
    ] {
        let found = words(&message);
        assert!(found.reverts.is_empty() && !found.reverts_partly.is_empty(), "{message}");
    }
}

#[test]
fn reapplication_is_told_from_revert() {
    for message in [
        "Reapply \"Keep the order (#2)\"",
        "Revert \"Revert \"Keep the order (#2)\" (#3)\" (#4)",
        "Reland: keep the order",
        "Reland #2",
        "Revert^2 \"Keep the order (#2)\"",
    ] {
        assert!(words(message).reapplies, "{message}");
    }
    assert!(!words("Revert^3 \"Keep the order (#2)\"").reapplies);
    assert!(words("Revert \"Revert \"Keep (#2)\" (#3)\"").reverts.contains(&PullRequest(3)));
}

#[test]
fn copies_are_read_in_the_usual_forms() {
    let of = |message: &str| words(message).copies;
    assert_eq!(of(&format!("Keep\n\n(cherry picked from commit {ID})")), [Commit(ID.into())]);
    assert_eq!(of("Keep the order (#2) (#9)"), [PullRequest(2)]);
    assert_eq!(of("[1.1] Keep (#9)\n\nBackport of #2 to release-1.1"), [PullRequest(2)]);
    assert_eq!(of("Keep (backport #2) (#9)"), [PullRequest(2)]);
    assert_eq!(of("Automated cherry pick of #2: keep"), [PullRequest(2)]);
    assert_eq!(
        of("Keep\n\nThis is an automatic backport of pull request #2 done by a bot."),
        [PullRequest(2)]
    );
    assert_eq!(of("Keep\n\nBackport https://github.com/acme/shop/pull/2"), [PullRequest(2)]);
    assert_eq!(of(&format!("Keep\n\n[ Upstream commit {ID} ]")), [Commit(ID.into())]);
    assert_eq!(of(&format!("Keep\n\ncommit {ID} upstream.")), [Commit(ID.into())]);
    assert_eq!(of(&format!("Keep\n\nCherry-picked from upstream commit {ID}")), [Commit(ID.into())]);
    assert_eq!(of("Keep\n\nPorted from upstream #2"), [PullRequest(2)]);
    assert_eq!(of("fix: backport #2"), [PullRequest(2)]);
    assert_eq!(of("Keep\n\n- [x] Backport of #2"), [PullRequest(2)]);
    assert_eq!(
        of(&format!("Keep\n\nBackport {} from #2", &ID[..10])),
        [Commit(ID[..10].into()), PullRequest(2)]
    );
}

#[test]
fn wishes_and_mentions_are_no_copies() {
    for message in [
        "Keep\n\nPlease backport #2 too",
        "Keep\n\nThis should be backported after #2",
        "Keep\n\nNot a backport of #2",
        "Keep\n\nThe backport was broken by #2",
        "Keep the order (#9)",
        "Keep\n\n> Backport of #2",
        "Keep\n\nBackport of other/repo#2",
        "Stop the crash\n\nIt was introduced by the backport of #2",
        "Stop a crash from the backport of #2",
        "Keep\n\nBackport of #2 is not possible",
        "Keep\n\nAutomated cherry pick of #2 failed.",
        "Keep\n\nPartial backport of #2",
        "Keep\n\n- [ ] Backport of #2",
    ] {
        assert_eq!(words(message).copies, [], "{message}");
    }
}

#[test]
fn branch_names_the_original() {
    for (branch, number) in [
        ("cherry-pick-of-#2", Some(2)),
        ("automated-cherry-pick-of-#2-release-1.1", Some(2)),
        ("backport-2-to-release-1.1", Some(2)),
        ("cherry-pick-2-to-release-1.1", Some(2)),
        ("mergify/bp/release-1.1/pr-2", Some(2)),
        ("backport-1.1", None),
        ("fix-2", None),
        ("backport/2fast", None),
    ] {
        let found = MessageReferences::of_pull_request("Keep", "", Some(branch), "acme/shop").copies;
        assert_eq!(found, number.map(PullRequest).into_iter().collect::<Vec<_>>(), "{branch}");
    }
}

#[test]
fn revert_behind_tag_or_scope_is_read() {
    for message in [
        "[release/2.2] Revert \"Keep the order (#2)\" (#9)",
        "cart: Revert \"Keep the order (#2)\" (#9)",
        "cart: revert shop#2 (release-1.1) (#9)",
        "cart, order: revert change made by #2",
    ] {
        assert!(words(message).reverts.contains(&PullRequest(2)), "{message}: {:?}", words(message).reverts);
    }
    assert!(words("[1.1] Revert 13712").reverts.contains(&PullRequest(13_712)));
    assert_eq!(words("cart: revert 2026 prices of all").reverts, []);
}

#[test]
fn copies_named_in_lists_and_by_bare_numbers_are_read() {
    let of = |message: &str| words(message).copies;
    assert_eq!(of("cherry-pick 20590: keep the order"), [PullRequest(20_590)]);
    assert_eq!(of("cart: Cherry pick 14072 to release 1.1"), [PullRequest(14_072)]);
    assert_eq!(of("Backport PR 14322 to release-1.1"), [PullRequest(14_322)]);
    assert_eq!(
        of(
            "Keep\n\nBackport following pull requests:\n\n* https://github.com/acme/shop/pull/2\n* part of #5"
        ),
        [PullRequest(2)]
    );
    assert_eq!(of("Keep\n\nCherry-pick (not clean)\n- #2"), [PullRequest(2)]);
    assert_eq!(of("Keep\n\nref #5\\n\\nBackport #2 to the release branch."), [PullRequest(2)]);
    assert_eq!(of("Keep\n\nThis is a backport of the fix in #2."), [PullRequest(2)]);
    assert_eq!(of("Keep\n\nForward port of #2"), [PullRequest(2)]);
    assert_eq!(of("Backport 2 commits"), []);
}
