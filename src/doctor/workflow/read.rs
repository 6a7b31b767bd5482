//! Reads workflow files and composite actions. Keys that do not matter here are skipped; actionlint reports mistakes in them.

use std::collections::BTreeMap;
use std::rc::Rc;

use policy_lang::Node;

use super::yaml_file::{YamlFile, texts};
use super::{
    Concurrency, Condition, Job, LocalAction, Matrix, Pairs, Permissions, Step, Text, Trigger, Workflow,
};

/// Reads a workflow.
///
/// # Errors
/// If the file is not YAML or has no jobs.
pub fn read_workflow(bytes: &[u8], path: &str) -> Result<Workflow, String> {
    let file = YamlFile::read(bytes, path)?;
    let root = &file.root;
    let Some(jobs) = root.get("jobs").filter(|jobs| !jobs.pairs().is_empty()) else {
        return Err(format!("{path}: a workflow needs `jobs:` with at least one job"));
    };
    // YAML 1.1 reads `on` as a truth value, and some tools write it so.
    let on = root.get("on").or_else(|| root.get("true"));
    let call = on.and_then(|on| on.get("workflow_call"));
    Ok(Workflow {
        path: path.to_owned(),
        name: scalar(root, "name"),
        triggers: on.map(|on| triggers(&file, on)).unwrap_or_default(),
        call_inputs: defaults(&file, call.and_then(|call| call.get("inputs"))),
        env: file.pairs(root.get("env")),
        shell: default_shell(root),
        permissions: permissions(root),
        concurrency: concurrency(&file, root),
        jobs: jobs.pairs().iter().filter_map(|pair| job(&file, pair)).collect(),
        text: file.text.clone(),
    })
}

/// Reads an `action.yml`.
///
/// # Errors
/// If the file is not YAML.
pub fn read_action(bytes: &[u8], path: &str) -> Result<LocalAction, String> {
    let file = YamlFile::read(bytes, path)?;
    let runs = file.root.get("runs");
    let list = runs.and_then(|runs| runs.get("steps"));
    Ok(LocalAction {
        path: path.to_owned(),
        name: scalar(&file.root, "name"),
        inputs: defaults(&file, file.root.get("inputs")),
        steps: steps(&file, list),
    })
}

fn scalar(node: &Node, key: &str) -> Option<String> {
    node.get(key)?.scalar().map(str::to_owned)
}

fn located(file: &YamlFile, node: &Node, key: &str) -> Option<Text> {
    file.located(node.get(key)?)
}

/// Returns the default of each input; an input without one has the empty text.
fn defaults(file: &YamlFile, inputs: Option<&Rc<Node>>) -> Pairs {
    let pairs = inputs.map_or(&[][..], |inputs| inputs.pairs());
    let pair = |(key, value): &(Rc<Node>, Rc<Node>)| {
        let default = located(file, value, "default");
        Some((
            key.scalar()?.to_owned(),
            default.unwrap_or(Text { value: String::new(), line: file.line(value) }),
        ))
    };
    pairs.iter().filter_map(pair).collect()
}

fn default_shell(node: &Node) -> Option<String> {
    scalar(node.get("defaults")?.get("run")?, "shell")
}

fn triggers(file: &YamlFile, on: &Rc<Node>) -> Vec<Trigger> {
    if let Some(event) = on.scalar() {
        return vec![Trigger { event: event.to_owned(), line: file.line(on), filters: Vec::new() }];
    }
    let of_item = |item: &Rc<Node>| {
        Some(Trigger { event: item.scalar()?.to_owned(), line: file.line(item), filters: Vec::new() })
    };
    let of_pair = |(key, value): &(Rc<Node>, Rc<Node>)| {
        let filters = value.pairs().iter().filter_map(|(name, list)| {
            // Of `inputs`, the names matter.
            let names = list.pairs().iter().filter_map(|(key, _)| key.scalar().map(str::to_owned));
            Some((name.scalar()?.to_owned(), texts(Some(list)).into_iter().chain(names).collect()))
        });
        Some(Trigger { event: key.scalar()?.to_owned(), line: file.line(key), filters: filters.collect() })
    };
    on.items().iter().filter_map(of_item).chain(on.pairs().iter().filter_map(of_pair)).collect()
}

fn permissions(node: &Node) -> Option<Permissions> {
    let permissions = node.get("permissions")?;
    if let Some(word) = permissions.scalar() {
        // `permissions:` without a value declares nothing.
        return (!permissions.is_null()).then(|| Permissions::All(word.to_owned()));
    }
    let pair =
        |(key, value): &(Rc<Node>, Rc<Node>)| Some((key.scalar()?.to_owned(), value.scalar()?.to_owned()));
    Some(Permissions::Some(permissions.pairs().iter().filter_map(pair).collect()))
}

fn concurrency(file: &YamlFile, node: &Node) -> Option<Concurrency> {
    let (key, value) = node.entry("concurrency")?;
    let line = file.line(key);
    match value.scalar() {
        Some(group) => Some(Concurrency { group: group.to_owned(), cancel: None, line }),
        None => Some(Concurrency {
            group: scalar(value, "group").unwrap_or_default(),
            cancel: scalar(value, "cancel-in-progress"),
            line,
        }),
    }
}

fn condition(file: &YamlFile, node: &Node) -> Option<Condition> {
    let value = node.get("if")?;
    Some(Condition::read(value.scalar()?, file.line(value)))
}

fn matrix(node: &Node) -> Option<Matrix> {
    let matrix = node.get("strategy")?.get("matrix")?;
    if matrix.scalar().is_some() {
        return Some(Matrix { is_computed: true, ..Matrix::default() });
    }
    let mut out = Matrix::default();
    for (key, value) in matrix.pairs() {
        let Some(name) = key.scalar() else { continue };
        let is_text = value.scalar().is_some();
        match name {
            "include" if is_text => out.is_computed = true,
            "include" => out.include.extend(value.items().iter().map(|item| entry(item))),
            "exclude" => {}
            _ if is_text => out.axes.push((name.to_owned(), None)),
            _ => {
                let mut values: Vec<String> = texts(Some(value));
                // An entry that is a mapping has no text; the axis still has a value.
                values.resize(value.items().len().max(values.len()), String::new());
                out.axes.push((name.to_owned(), Some(values)));
            }
        }
    }
    Some(out)
}

fn entry(item: &Node) -> BTreeMap<String, String> {
    let pair =
        |(key, value): &(Rc<Node>, Rc<Node>)| Some((key.scalar()?.to_owned(), value.scalar()?.to_owned()));
    item.pairs().iter().filter_map(pair).collect()
}

fn job(file: &YamlFile, (key, node): &(Rc<Node>, Rc<Node>)) -> Option<Job> {
    let environment = node.get("environment").and_then(|environment| match environment.scalar() {
        Some(_) => file.located(environment),
        None => located(file, environment, "name"),
    });
    let runs_on = node.get("runs-on");
    let group = runs_on.and_then(|runs_on| runs_on.get("labels")).or(runs_on);
    Some(Job {
        id: key.scalar()?.to_owned(),
        line: file.line(key),
        last_line: file.last_line(node).max(file.line(key)),
        name: scalar(node, "name"),
        needs: texts(node.get("needs")),
        condition: condition(file, node),
        matrix: matrix(node),
        continue_on_error: located(file, node, "continue-on-error"),
        environment,
        permissions: permissions(node),
        concurrency: concurrency(file, node),
        env: file.pairs(node.get("env")),
        shell: default_shell(node),
        runs_on: texts(group),
        outputs: file.pairs(node.get("outputs")),
        uses: located(file, node, "uses"),
        with: file.pairs(node.get("with")),
        steps: steps(file, node.get("steps")),
    })
}

fn steps(file: &YamlFile, list: Option<&Rc<Node>>) -> Vec<Step> {
    list.map_or(&[][..], |list| list.items()).iter().map(|node| step(file, node)).collect()
}

fn step(file: &YamlFile, node: &Rc<Node>) -> Step {
    Step {
        id: scalar(node, "id"),
        name: scalar(node, "name"),
        line: file.line(node),
        last_line: file.last_line(node),
        condition: condition(file, node),
        continue_on_error: located(file, node, "continue-on-error"),
        uses: located(file, node, "uses"),
        run: located(file, node, "run"),
        shell: scalar(node, "shell"),
        with: file.pairs(node.get("with")),
        env: file.pairs(node.get("env")),
    }
}
