//! Questions of an exercise, answered in a line of input; the answer goes into the learner's file.

use crate::course::exercise::{Question, Truth};
use crate::dashboard::model::{Role, Text};
use crate::dashboard::task::Standing;
use crate::scenario::values::Duration;
use crate::texts::Key as _;
use crate::texts::dashboard::task::Task as Say;

use super::ask::Ask;
use super::sitting::Sitting;
use super::{App, Effect};

impl App {
    /// Whether a question of the exercise waits for its answer.
    pub(super) fn is_unanswered(&self) -> bool {
        let standing = self.sitting.as_ref().map(|sitting| &sitting.standing);
        let Some(Standing::Judged(attempt)) = standing else { return false };
        !attempt.verdict.open.is_empty()
    }

    /// Whether the exercise asks questions.
    pub(super) fn has_answers(&self) -> bool {
        self.sitting.as_ref().is_some_and(|sitting| sitting.exercise.kind.answers())
    }

    /// `d` in the task: another answer to the question that is meant.
    pub(super) fn answer_again(&mut self) {
        match self.meant() {
            Some((_, line)) if line.sides.is_some() => self.ask_answer(&line.name),
            Some(_) | None => self.go_in(),
        }
    }

    /// A question is answered in a line of input; the answer goes into the learner's file.
    pub(super) fn ask_answer(&mut self, name: &str) {
        let lang = self.look.lang;
        let question = |sitting: &Sitting| {
            sitting.exercise.questions.iter().find(|question| question.name == name).cloned()
        };
        let Some(question) = self.sitting.as_deref().and_then(question) else { return };
        let how = match question.is {
            Truth::First(_) | Truth::Measure(_) | Truth::Count(_) => Say::AnswerNumber,
            Truth::Text(_) => Say::AnswerWord,
            Truth::Order(_) => Say::AnswerOrder,
        };
        let (title, label) = (Say::AnswerTitle.text(lang), Say::AnswerLabel.text(lang));
        self.ask_titled(Ask::Answer(question.name.clone()), title, Some(label), Vec::new());
        if let Some(overlay) = &mut self.overlay {
            overlay.text =
                vec![Text::plain(question.ask.as_str()), Text::new(Role::Faint, how.text(lang))];
        }
    }

    /// Errors: there is no such question, or it wants another kind of answer.
    pub(super) fn answer_question(&mut self, name: &str, typed: &str) -> Result<(), String> {
        let lang = self.look.lang;
        let Some(sitting) = &self.sitting else { return Ok(()) };
        let unwritable = || self.words().text(Say::AnswerUnwritable);
        let question = sitting.exercise.questions.iter().find(|question| question.name == name);
        let question = question.ok_or_else(unwritable)?;
        let value = value_of(question, typed).map_err(|say| {
            let wanted = match &question.is {
                Truth::Order(ordered) => ordered.is.len(),
                Truth::First(_) | Truth::Measure(_) | Truth::Count(_) | Truth::Text(_) => 1,
            };
            say.fill(lang, &[("count", wanted.to_string())])
        })?;
        let (file, name) = (sitting.exercise.desk_file(), name.to_owned());
        self.effects.push(Effect::Answer { file, name, value });
        Ok(())
    }
}

/// A typed answer as the learner's file writes it.
///
/// Errors: what kind of answer the question wants instead.
fn value_of(question: &Question, typed: &str) -> Result<String, Say> {
    let quoted =
        |word: &str| format!("\"{}\"", word.trim().replace('\\', "\\\\").replace('"', "\\\""));
    match &question.is {
        Truth::Order(ordered) => {
            let words: Vec<String> = typed.split(',').map(quoted).collect();
            if words.len() != ordered.is.len() {
                return Err(Say::WantsWords);
            }
            Ok(format!("[{}]", words.join(", ")))
        }
        Truth::Text(_) => Ok(quoted(typed)),
        Truth::First(_) | Truth::Measure(_) | Truth::Count(_) => {
            // People write a decimal comma.
            let number = typed.trim().replace(',', ".");
            let span = number.parse::<Duration>();
            match number.parse::<f64>() {
                Ok(value) if value.is_finite() && value >= 0.0 => Ok(number),
                Ok(_) => Err(Say::WantsNumber),
                Err(_) if span.is_ok() => Ok(quoted(&number)),
                Err(_) => Err(Say::WantsNumber),
            }
        }
    }
}
