//! Puts one more entry or field into a scenario's text, without touching anything else of it.
//!
//! A session that is saved and a claim of the book both say: this scenario, and one thing more.
//! The list is found through the tree, so a word in a comment or in the notes is not mistaken
//! for it.

use super::diagnostic::Diagnostics;
use super::file::Scenario;
use super::ron;
use super::settings;
use super::source::{Files, Span, join};
use super::tree::de::{self, Cx};
use super::tree::{Node, Value};

/// The text with `entry` at the end of its list `list` (`steps`, `expect`); the list is made when
/// it is not there. None when the text is no scenario.
#[must_use]
pub fn with_entry(text: &str, list: &str, entry: &str) -> Option<String> {
    let text = bare(text);
    let root = tree(text)?;
    let Value::Fields(_, fields) = &root.value else { return None };
    // Both end with a bracket of one letter; what is put in stands before it.
    let (end, entry) = match fields.iter().find(|field| field.key == list) {
        Some(field) => (field.value.span.end, entry.to_owned()),
        None => (root.span.end, format!("{list}: [{entry}]")),
    };
    put_in(text, Span::new(end.saturating_sub(1), end), &entry)
}

/// The text with `value` at the end of a path of fields; fields that are not there are made.
/// None when the text is no scenario.
#[must_use]
pub fn with_field(text: &str, path: &[&str], value: &str) -> Option<String> {
    let text = bare(text);
    let root = tree(text)?;
    let mut node = &root;
    for (depth, name) in path.iter().enumerate() {
        let fields = match &node.value {
            Value::Fields(_, fields) | Value::Map(fields) => fields,
            // `()` has no fields yet.
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Seq(_)
            | Value::Word(_)
            | Value::Tuple(..) => return None,
        };
        let in_map = matches!(node.value, Value::Map(_));
        match fields.iter().find(|field| field.key == **name) {
            Some(field) => node = &field.value,
            None => {
                let key = |name: &str, in_map: bool| {
                    if in_map { format!("\"{name}\"") } else { name.to_owned() }
                };
                let (opening, closing) = nested(&path[depth + 1..]);
                let entry = format!("{}: {opening}{value}{closing}", key(name, in_map));
                return put_in(text, node.span, &entry);
            }
        }
    }
    replaced(text, node.span, value)
}

/// The text with another value of a flag, under the name by which the scenario calls it already.
/// None when nobody knows the flag or the text is no scenario.
#[must_use]
pub fn with_setting(text: &str, name: &str, value: &str) -> Option<String> {
    let text = bare(text);
    let full = settings::find(name).ok()?.full_name();
    let root = tree(text)?;
    let set = field(&root, "cluster").and_then(|cluster| field(cluster, "settings"));
    let set = set.map(Node::entries).unwrap_or_default();
    let same = |key: &str| settings::find(key).is_ok_and(|known| known.full_name() == full);
    let known = set.iter().find(|entry| same(&entry.key));
    let name = known.map_or(full.as_str(), |entry| entry.key.as_str());
    with_field(text, &["cluster", "settings", name], &format!("{value:?}"))
}

/// The text with so many workers n1, n2, …, like those of its first group. None when the text is
/// no scenario.
#[must_use]
pub fn with_nodes(text: &str, count: u32) -> Option<String> {
    let text = bare(text);
    let root = tree(text)?;
    let groups = field(&root, "cluster").and_then(|cluster| field(cluster, "nodes"));
    let first = match groups.map(|groups| &groups.value) {
        Some(Value::Seq(groups)) => groups.first(),
        Some(_) => return None,
        None => None,
    };
    let like =
        first.map_or(Some("(name: \"n\")"), |first| text.get(first.span.start..first.span.end));
    let named = with_field(like?, &["name"], "\"n\"")?;
    let counted = with_field(&named, &["count"], &count.to_string())?;
    with_field(text, &["cluster", "nodes"], &format!("[{counted}]"))
}

fn field<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    node.entries().iter().find(|entry| entry.key == name).map(|entry| &entry.value)
}

/// The brackets around a value that lies deeper: settings are a map, everything else has fields.
fn nested(path: &[&str]) -> (String, String) {
    let mut opening = String::new();
    let mut closing = String::new();
    for name in path {
        if name.contains('.') {
            opening.push_str(&format!("{{\"{name}\": "));
            closing.insert(0, '}');
        } else {
            opening.push_str(&format!("({name}: "));
            closing.insert(0, ')');
        }
    }
    (opening, closing)
}

/// The text with `entry` before the closing bracket of what stands at `span`.
fn put_in(text: &str, span: Span, entry: &str) -> Option<String> {
    let inside = span.end.checked_sub(1)?;
    let (before, after) = (text.get(..inside)?, text.get(inside..)?);
    let comma = if follows_a_value(before) { "," } else { "" };
    Some(format!("{before}{comma}\n{entry},\n{after}"))
}

fn replaced(text: &str, span: Span, with: &str) -> Option<String> {
    Some(format!("{}{with}{}", text.get(..span.start)?, text.get(span.end..)?))
}

/// The scenario that a text holds; names in it are not checked.
pub(super) fn read(text: &str) -> Option<Scenario> {
    let mut files = Files::new();
    let id = files.add("scenario", text);
    let file = files.get(id)?.clone();
    let root = ron::read(&file, id, &mut Diagnostics::new())?;
    de::read(&root, "scenario", &mut Cx::new(&file, id))
}

/// Whether a text can be read as RON.
#[must_use]
pub fn reads(text: &str) -> bool {
    tree(text).is_some()
}

/// A text without the byte order mark that some editors write; spans do not count it.
pub(super) fn bare(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

pub(super) fn tree(text: &str) -> Option<Node> {
    let mut files = Files::new();
    let id = files.add("scenario", text);
    let file = files.get(id)?.clone();
    let mut found = Diagnostics::new();
    ron::read(&file, id, &mut found).filter(|_| !found.has_errors())
}

/// The text of the scenario `old` as it must be in the file `new`: manifests are named as seen from
/// there. None when the text is no scenario.
#[must_use]
pub fn moved(text: &str, old: &str, new: &str) -> Option<String> {
    let text = bare(text);
    let root = tree(text)?;
    let mut places = Vec::new();
    manifests(&root, false, &mut places);
    places.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let depth = new.split('/').filter(|part| !part.is_empty() && *part != ".").count();
    let up =
        if new.starts_with('/') { String::new() } else { "../".repeat(depth.saturating_sub(1)) };
    places.into_iter().try_fold(text.to_owned(), |text, (span, mentioned)| {
        let seen = join(old, &mentioned);
        let name = if seen.starts_with('/') { seen } else { format!("{up}{seen}") };
        replaced(&text, span, &format!("{name:?}"))
    })
}

/// Where names of manifests stand: in the list `apply`, and in steps of that name.
fn manifests(node: &Node, named: bool, places: &mut Vec<(Span, String)>) {
    match &node.value {
        Value::Str(text) if named => places.push((node.span, text.clone())),
        Value::Seq(nodes) => nodes.iter().for_each(|node| manifests(node, named, places)),
        Value::Tuple(name, nodes) => {
            let inside = match name.as_ref().map(|name| name.text.as_str()) {
                Some("apply") => true,
                Some("many") => named,
                // The text itself, or something else altogether.
                Some(_) => false,
                None => named,
            };
            let nodes = nodes.iter().enumerate();
            // Of `many(…)`, only the first is a name.
            let only_first = name.as_ref().is_some_and(|name| name.text == "many");
            nodes
                .filter(|(place, _)| !only_first || *place == 0)
                .for_each(|(_, node)| manifests(node, inside, places));
        }
        Value::Fields(name, fields) => {
            let applies = name.as_ref().is_some_and(|name| name.text == "apply");
            for field in fields {
                let inside = field.key == "apply" || applies || named && field.key == "manifest";
                manifests(&field.value, inside, places);
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Str(_)
        | Value::Map(_)
        | Value::Word(_) => {}
    }
}

/// Whether a comma is wanted before the next entry: the last thing but comments is a value.
fn follows_a_value(before: &str) -> bool {
    let last = before.lines().rev().map(without_comment).find(|line| !line.is_empty());
    last.is_some_and(|line| !line.ends_with([',', '[', '(', '{']))
}

/// Whether a comment stands in these words; what stands between quotes is none.
#[must_use]
pub fn has_comment(words: &str) -> bool {
    let outside: String = words.split('"').step_by(2).collect();
    outside.contains("//") || outside.contains("/*")
}

/// A line without a comment at its end; `//` inside quotes is none.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut letters = line.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '\\' if quoted => {
                letters.next();
            }
            '"' => quoted = !quoted,
            '/' if !quoted && letters.peek().is_some_and(|(_, next)| *next == '/') => {
                return line[..place].trim();
            }
            _ => {}
        }
    }
    line.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let found = with_entry(text, "steps", "x()").expect("a scenario");
        let flat: String = found.split_whitespace().collect();
        assert_eq!(flat, expect, "{found}");
    }

    #[test]
    fn an_entry_comes_last_in_its_list_and_the_list_is_made_when_it_is_missing() {
        check("(title: \"a\", steps: [])", "(title:\"a\",steps:[x(),])");
        check("(title: \"a\", steps: [y()])", "(title:\"a\",steps:[y(),x(),])");
        check("(steps: [y(),], title: \"a\")", "(steps:[y(),x(),],title:\"a\")");
        check("(title: \"a\")", "(title:\"a\",steps:[x()],)");
        check("(title: \"a\", // steps: [\n)", "(title:\"a\",//steps:[steps:[x()],)");
        check("(title: \"http://a\")", "(title:\"http://a\",steps:[x()],)");
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_move_nothing() {
        let text = "\u{feff}// not\r\n(\r\n  a: None,\r\n  b: None,\r\n)\r\n";
        let first = with_field(text, &["a"], "48.5").expect("a text");
        assert_eq!(first, "// not\r\n(\r\n  a: 48.5,\r\n  b: None,\r\n)\r\n");
        let both = with_field(&first, &["b"], "\"x\"").expect("a text");
        assert!(reads(&both) && both.contains("b: \"x\""), "{both}");
    }

    #[test]
    fn a_field_is_set_where_it_is_and_made_where_it_is_not() {
        let set = |text: &str, path: &[&str], value: &str| {
            let found = with_field(text, path, value).expect("a scenario");
            found.split_whitespace().collect::<String>()
        };
        assert_eq!(set("(title: \"a\", seed: 3)", &["seed"], "7"), "(title:\"a\",seed:7)");
        assert_eq!(set("(title: \"a\")", &["seed"], "7"), "(title:\"a\",seed:7,)");
        let path = ["cluster", "settings", "a.b"];
        assert_eq!(
            set("(cluster: (nodes: []))", &path, "\"1\""),
            "(cluster:(nodes:[],settings:{\"a.b\":\"1\"},))"
        );
        assert_eq!(
            set("(cluster: (settings: {\"a.b\": \"0\"}))", &path, "\"1\""),
            "(cluster:(settings:{\"a.b\":\"1\"}))"
        );
        assert_eq!(
            set("(cluster: (settings: {\"c.d\": \"0\"}))", &path, "\"1\""),
            "(cluster:(settings:{\"c.d\":\"0\",\"a.b\":\"1\",}))"
        );
        assert_eq!(
            set("(title: \"a\")", &path, "1"),
            "(title:\"a\",cluster:(settings:{\"a.b\":1}),)"
        );
    }

    #[test]
    fn flags_keep_the_name_that_the_scenario_gave_them_and_nodes_are_like_the_first() {
        let flat =
            |text: Option<String>| text.expect("a scenario").split_whitespace().collect::<String>();
        let flag = "kube-controller-manager.node-monitor-grace-period";
        let short = "(cluster:(settings:{\"node-monitor-grace-period\":\"9s\"}))";
        assert_eq!(flat(with_setting(short, flag, "8s")), short.replace('9', "8"));
        let full = format!("(cluster:(settings:{{\"{flag}\":\"8s\",}}))");
        let empty = "(cluster:(settings:{}))";
        assert_eq!(flat(with_setting(empty, "node-monitor-grace-period", "8s")), full);
        assert_eq!(with_setting(empty, "nonsense", "8s"), None);
        let many = "(cluster:(nodes:[(name:\"big\",cpu:\"8\"),(name:\"b\",count:2)]))";
        let five = "(cluster:(nodes:[(name:\"n\",cpu:\"8\",count:5,)]))";
        assert_eq!(flat(with_nodes(many, 5)), five);
        let none = "(title:\"a\",cluster:(nodes:[(name:\"n\",count:5,)]),)";
        assert_eq!(flat(with_nodes("(title: \"a\")", 5)), none);
    }

    #[test]
    fn a_moved_scenario_names_its_manifests_from_its_new_place() {
        let text = "(title: \"m/a.yaml\", apply: [\"m/a.yaml\", inline(\"x\")], \
                    steps: [(at: \"1s\", do: apply(\"b.yaml\")), (at: \"2s\", do: delete(\"pod/a\"))])";
        let here = moved(text, "scenarios/x.ron", "mine.ron").expect("a scenario");
        assert!(here.contains("[\"scenarios/m/a.yaml\", inline(\"x\")]"), "{here}");
        assert!(
            here.contains("apply(\"scenarios/b.yaml\")") && here.contains("\"pod/a\""),
            "{here}"
        );
        assert!(here.contains("title: \"m/a.yaml\""), "{here}");
        let deep = moved(text, "scenarios/x.ron", "a/b/mine.ron").expect("a scenario");
        assert!(deep.contains("\"../../scenarios/m/a.yaml\""), "{deep}");
    }

    #[test]
    fn what_is_no_scenario_stays_alone() {
        assert_eq!(with_entry("[1, 2]", "steps", "x()"), None);
        assert_eq!(with_entry("(title: ", "steps", "x()"), None);
    }
}
