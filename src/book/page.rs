//! Directives become HTML; the text stands without scripts and for screen readers.

use std::fmt::Write as _;

use crate::course::correction::Verdict;
use crate::course::exercise::parse;
use crate::course::quiz::{Quiz, QuizKind};
use crate::dashboard::bindings::BINDINGS;
use crate::dashboard::views::VIEWS;
use crate::texts::Lang;

use super::directive::{Directive, Part, parts, words};
use super::figure::{view_named, view_of};
use super::shelf::{Chapter, Shelf, scenario_file};

/// Makes the figures of `{{#prova …}}`: HTML for a scenario file, a moment and a view.
pub type Frames<'f> = &'f dyn Fn(&str, &str, &str) -> Option<String>;

/// A chapter as Markdown that mdBook understands.
#[must_use]
pub fn page(chapter: &Chapter, shelf: &Shelf, frames: Frames<'_>) -> String {
    carried_out(chapter.text.split_once("-->").map_or("", |(_, body)| body), shelf, frames)
}

/// A text with its directives carried out.
#[must_use]
pub fn carried_out(text: &str, shelf: &Shelf, frames: Frames<'_>) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for part in parts(text) {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Directive(directive) => out.push_str(&directive_html(&directive, shelf, frames)),
        }
    }
    out
}

fn directive_html(directive: &Directive<'_>, shelf: &Shelf, frames: Frames<'_>) -> String {
    let args = words(directive.args);
    let first = args.first().map(String::as_str).unwrap_or_default();
    match directive.word {
        "an" => moment(&args),
        "iddia" => claim(directive),
        "prova" => figure(&args, frames),
        "terim" => {
            let word = escape(directive.args);
            format!("<a class=\"terim\" href=\"sozluk.html\">{word}</a>")
        }
        "duzeltme" => correction(first, shelf),
        "sinama" => {
            shelf.questions.iter().find(|one| one.id == first).map(question).unwrap_or_default()
        }
        "alistirma" => exercise(first, shelf),
        "tuslar" => keys(),
        _ => String::new(),
    }
}

/// The badge before a passage that belongs to a moment.
fn moment(args: &[String]) -> String {
    let [scenario, mark, ..] = args else { return String::new() };
    format!(
        "<p class=\"an\">▸ <code>{}</code> senaryosunda <strong>{}</strong> anı</p>\n",
        escape(scenario),
        escape(mark)
    )
}

fn claim(directive: &Directive<'_>) -> String {
    let scenario = directive.args.split_once(':').map_or("", |(name, _)| name.trim());
    let body = directive.body.unwrap_or_default();
    format!(
        "<span class=\"iddia\" title=\"Bu cümle {} senaryosunda sınanmıştır\">{body} <span \
         class=\"iddia-im\" role=\"img\" aria-label=\"sınanmış cümle\">✔</span></span>",
        escape(scenario)
    )
}

fn figure(args: &[String], frames: Frames<'_>) -> String {
    let named = |name: &str| args.iter().find_map(|word| word.strip_prefix(name));
    let scenario = args.first().map(String::as_str).unwrap_or_default();
    let at = named("an=").unwrap_or("0s");
    let view = view_of(args);
    let command = format!("prova dashboard {scenario}");
    let name = view_named(view).map_or("", |view| view.name.template(Lang::Tr));
    let picture = frames(&scenario_file(scenario), at, view).unwrap_or_default();
    format!(
        "\n\n<figure class=\"kare\"><figcaption><strong>{}</strong>: <code>{}</code> senaryosunda \
         <strong>{}</strong> anı. Kendiniz bakın: <code>{}</code></figcaption>\n{picture}</figure>\n\n",
        escape(name),
        escape(scenario),
        escape(at),
        escape(&command)
    )
}

fn correction(id: &str, shelf: &Shelf) -> String {
    let Some(one) = shelf.corrections.iter().find(|one| one.id == id) else {
        return String::new();
    };
    let verdict = match one.verdict {
        Verdict::Wrong => "yanlış",
        Verdict::Outdated => "eski",
        Verdict::Missing => "eksik",
        Verdict::Imprecise => "kesin değil",
    };
    let mut out = format!(
        "\n\n<aside class=\"duzeltme\" aria-label=\"Düzeltme {id}\"><p><strong>Notlarda böyle \
         yazıyordu</strong> ({verdict}): {}</p><p><strong>Doğrusu:</strong> {}</p>",
        escape(&one.claim),
        escape(&one.truth)
    );
    if !one.scenario.is_empty() {
        let _ = write!(out, "<p>Deneyin: <code>prova run {}</code></p>", escape(&one.scenario));
    }
    if !one.reference.is_empty() {
        let _ = write!(out, "<p class=\"kaynak\">Kaynak: {}</p>", escape(&one.reference));
    }
    out + "</aside>\n\n"
}

/// A question whose answer opens without a script.
fn question(question: &Quiz) -> String {
    let (options, answer) = match &question.kind {
        QuizKind::Choice(choice) => {
            let options = &choice.options;
            let list: String =
                options.iter().map(|one| format!("<li>{}</li>", escape(&one.text))).collect();
            let notes: String = options
                .iter()
                .map(|one| {
                    let (sign, word) = if one.right { ("✔", "doğru") } else { ("✖", "yanlış") };
                    let note = if one.note.is_empty() { "" } else { ": " };
                    format!(
                        "<li><span role=\"img\" aria-label=\"{word}\">{sign}</span> {}{note}{}</li>",
                        escape(&one.text),
                        escape(&one.note)
                    )
                })
                .collect();
            (format!("<ul>{list}</ul>"), format!("<ul>{notes}</ul>"))
        }
        QuizKind::Order(right) => {
            let mut mixed = right.clone();
            mixed.sort();
            let list = |of: &[String]| -> String {
                of.iter().map(|one| format!("<li>{}</li>", escape(one))).collect()
            };
            (format!("<ul>{}</ul>", list(&mixed)), format!("<ol>{}</ol>", list(right)))
        }
        QuizKind::Number(number) => {
            let (is, tolerance) = (number.is, number.tolerance);
            (String::new(), format!("<p>{is} {} (± {tolerance})</p>", escape(&number.unit)))
        }
        QuizKind::Short(accepted) => {
            (String::new(), format!("<p>{}</p>", escape(&accepted.join(" / "))))
        }
    };
    format!(
        "\n\n<section class=\"sinama\" aria-label=\"Soru {}\"><p><strong>{}</strong></p>{options}<details>\
         <summary>Yanıtı göster</summary>{answer}<p>{}</p></details></section>\n\n",
        escape(&question.id),
        escape(&question.ask),
        escape(&question.why)
    )
}

fn exercise(id: &str, shelf: &Shelf) -> String {
    let folder = shelf.root.join(format!("scenarios/exercises/{id}"));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let title = parse("exercise.ron", &read("exercise.ron")).value.map(|one| one.title);
    let text = read("text.md");
    // The title stands on the box already.
    let lines = text.lines().filter(|line| !line.starts_with("# "));
    let text: Vec<String> = lines.map(sentence).collect();
    let text = text.join("\n");
    let short = id.splitn(3, '-').take(2).collect::<Vec<_>>().join("-");
    let title = escape(&title.unwrap_or_default());
    format!(
        "\n\n<section class=\"alistirma\" aria-label=\"Alıştırma {short}\">\n\n\
         ### Alıştırma {short}: {title}\n\n{text}\n\nBaşlamak için: `prova learn {short}`\n\n\
         </section>\n\n"
    )
}

/// The keys of the dashboard, from the table that the dashboard itself obeys.
fn keys() -> String {
    let lang = Lang::Tr;
    let mut out = String::from(
        "\n\n<div class=\"table-wrapper\">\n<table class=\"tuslar\">\
         <caption>Gösterge panelinin tuşları</caption><thead><tr>\
         <th scope=\"col\">Tuş</th><th scope=\"col\">Komut</th><th scope=\"col\">Ne yapar?</th>\
         </tr></thead><tbody>\n",
    );
    let mut row = |keys: String, name: &str, help: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "<tr><td>{keys}</td><th scope=\"row\">{}</th><td>{}</td></tr>",
            escape(name),
            escape(help)
        );
    };
    for view in VIEWS {
        row(kbd(&view.digit.to_string()), view.name.template(lang), "Bu görünümü açar");
    }
    for binding in BINDINGS {
        let shown: Vec<String> = binding.keys.iter().map(|key| kbd(&key.to_string())).collect();
        let shown = if shown.is_empty() { "paletten".to_owned() } else { shown.join(" ") };
        row(shown, binding.name.template(lang), binding.help.template(lang));
    }
    out + "</tbody></table>\n</div>\n\n"
}

fn kbd(key: &str) -> String {
    format!("<kbd>{}</kbd>", escape(key))
}

/// A line that begins with a number and a full stop is a sentence here, not an item of a list.
fn sentence(line: &str) -> String {
    let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    match rest.strip_prefix(". ") {
        Some(after) if rest.len() < line.len() => {
            format!("{}\\. {after}", &line[..line.len() - rest.len()])
        }
        Some(_) | None => line.to_owned(),
    }
}

/// Text for HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_become_boxes_and_front_matter_goes() {
        let text = "<!-- ders\n(id: \"x\", title: \"X\", minutes: 1)\n-->\n# X\n{{#an node-failure \"çökme\"}}\n{{#iddia a: b}}Evet.{{/iddia}}\n{{#sinama 1-1}}";
        let ask = Quiz {
            id: "1-1".to_owned(),
            ask: "3 > 2 mi?".to_owned(),
            kind: QuizKind::Short(vec!["evet".to_owned()]),
            why: "çünkü".to_owned(),
        };
        let shelf = Shelf { questions: vec![ask], ..Shelf::default() };
        let parsed = crate::course::chapter::parse("x.md", text).value.expect("readable");
        let (file, front) = ("x.md".to_owned(), parsed.head);
        let chapter = Chapter { file, front, text: text.to_owned() };
        let out = page(&chapter, &shelf, &|_, _, _| None);
        assert!(!out.contains("ders") && out.contains("# X"), "{out}");
        assert!(
            out.contains("çökme") && out.contains("Evet.") && out.contains("3 &gt; 2"),
            "{out}"
        );
        assert!(out.contains("<details>") && !out.contains("{{#"), "{out}");
    }
}
