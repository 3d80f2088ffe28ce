//! The task panel of an exercise: what is to be done, what became of the last save, the hints so far.
//!
//! A line of the verdict stands for a moment: Enter goes there. What stands behind a line is known
//! to [`app`](super::app) by the names that [`Place`] reads.

use crate::course::answer::Answer;
use crate::course::attempt::MORE_SEEDS;
use crate::course::exercise::Question;
use crate::course::judge::{Line, Work};
use crate::course::{Attempt, Exercise, Record, State, exercise, shelf};
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::dashboard::task::Task as Say;
use crate::texts::decimal;

use super::keymap::Words;
use super::lesson::paragraphs;
use super::model::{Block, Link, Page, Role, Target, Text};

/// What is known of the learner's file.
#[derive(Clone, Debug, Default)]
pub enum Standing {
    /// It is being judged.
    #[default]
    Judging,
    /// It cannot be read, or the exercise is broken: the reason in words.
    Wrong(String),
    /// It was judged.
    Judged(Box<Attempt>),
}

/// What the further seeds said so far.
#[derive(Clone, Debug, Default)]
pub struct Seeds {
    /// Which passed, in the order of play.
    pub passed: Vec<u64>,
    /// How many were played.
    pub played: u64,
    /// The first that failed after seed 1 had passed, with its lines.
    pub broken: Option<(u64, Vec<Line>)>,
}

impl Seeds {
    /// How many there are.
    #[must_use]
    pub fn all() -> u64 {
        MORE_SEEDS.end() - MORE_SEEDS.start() + 1
    }

    /// Every one was played.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.played >= Seeds::all()
    }
}

/// What a line of the task panel stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// This line of the verdict.
    Line(usize),
    /// This line of the verdict on the broken seed.
    Seed(usize),
    /// The question of this name.
    Question(String),
    /// Another exercise.
    Exercise(String),
}

impl Place {
    /// As the page carries it.
    #[must_use]
    pub fn target(&self) -> Target {
        Target::Named(match self {
            Place::Line(number) => format!("line/{number}"),
            Place::Seed(number) => format!("seed/{number}"),
            Place::Question(name) => format!("question/{name}"),
            Place::Exercise(id) => format!("exercise/{id}"),
        })
    }

    /// What a target of the task panel stands for; none for any other.
    #[must_use]
    pub fn of(target: &Target) -> Option<Place> {
        let Target::Named(name) = target else { return None };
        let (kind, rest) = name.split_once('/')?;
        match kind {
            "line" => rest.parse().ok().map(Place::Line),
            "seed" => rest.parse().ok().map(Place::Seed),
            "question" => Some(Place::Question(rest.to_owned())),
            "exercise" => Some(Place::Exercise(rest.to_owned())),
            _ => None,
        }
    }
}

/// What the page is made of.
#[derive(Clone, Copy, Debug)]
pub struct Task<'t> {
    /// The exercise.
    pub exercise: &'t Exercise,
    /// What the learner has done so far.
    pub record: &'t Record,
    /// The last save.
    pub standing: &'t Standing,
    /// The further seeds.
    pub seeds: &'t Seeds,
    /// The exercises of earlier chapters that were skipped.
    pub skipped: &'t [&'t str],
    /// The next exercise that is neither done nor skipped.
    pub next: Option<&'t str>,
    /// The reader's words.
    pub words: Words<'t>,
    /// Signs of ASCII only.
    pub ascii: bool,
}

/// The word of a state.
#[must_use]
pub fn word(state: State) -> (Role, Say) {
    match state {
        State::New => (Role::Waiting, Say::New),
        State::Tried => (Role::Starting, Say::Tried),
        State::Done => (Role::Good, Say::Solved),
        State::Skipped => (Role::Unknown, Say::Skipped),
    }
}

impl Task<'_> {
    /// The page.
    #[must_use]
    pub fn page(&self) -> Page {
        let lang = self.words.lang;
        let exercise = self.exercise;
        let args = [
            ("id", exercise.id.split('-').take(2).collect::<Vec<_>>().join("-")),
            ("title", exercise.title.clone()),
            ("minutes", exercise.minutes.to_string()),
        ];
        let file = self.words.fill(Say::File, &[("file", exercise.desk_file())]);
        let attempts = self.record.attempts.to_string();
        let (role, state) = word(self.record.state);
        let state = [("state", state.text(lang).to_owned()), ("attempts", attempts)];
        let skipped = self.skipped.join(", ");
        let told = exercise.blocks();
        // The title stands on the panel.
        let mut text = paragraphs(&told, self.words);
        if text.first().is_some_and(|first| first.letters() == exercise.title) {
            text.remove(0);
        }
        text.push(Text::new(Role::Faint, file));
        text.push(Text::state(role, Say::Progress.fill(lang, &state), self.ascii));
        if !skipped.is_empty() {
            let missing = Say::Missing.fill(lang, &[("ids", skipped)]);
            text.push(Text::state(Role::Unknown, missing, self.ascii));
        }
        let mut blocks = vec![Block::Prose(text)];
        blocks.push(Block::Heading(Text::new(Role::Title, Say::Result.text(lang))));
        match self.standing {
            Standing::Judging => blocks.push(self.one(Role::Starting, Say::Judging.text(lang))),
            Standing::Wrong(why) => {
                blocks.push(self.one(Role::Bad, Say::Wrong.text(lang)));
                blocks.push(Block::Prose(why.lines().map(Text::plain).collect()));
            }
            Standing::Judged(attempt) => self.verdict(attempt, &mut blocks),
        }
        blocks.extend(self.hints());
        Page { title: Text::plain(Say::Head.fill(lang, &args)), blocks }
    }

    fn one(&self, role: Role, text: &str) -> Block {
        Block::Prose(vec![Text::state(role, text, self.ascii)])
    }

    fn verdict(&self, attempt: &Attempt, blocks: &mut Vec<Block>) {
        let (lang, verdict) = (self.words.lang, &attempt.verdict);
        if !verdict.open.is_empty() {
            let say = if attempt.runs.is_empty() { Say::Predict } else { Say::Answers };
            blocks.push(self.one(Role::Waiting, say.text(lang)));
            blocks.push(Block::Chain(self.questions(&attempt.work)));
            return;
        }
        let held = verdict.lines.iter().filter(|line| line.held).count();
        let args = [("held", held.to_string()), ("all", verdict.lines.len().to_string())];
        let head = if verdict.passed() {
            let say = if attempt.wants_seeds() { Say::HeldFirst } else { Say::Held };
            Text::state(Role::Good, say.fill(lang, &args), self.ascii)
        } else {
            Text::state(Role::Bad, Say::NotHeld.fill(lang, &args), self.ascii)
        };
        let mut texts = vec![head];
        if let Some((_, note)) = &verdict.note {
            let note = Say::MistakeNote.fill(lang, &[("note", note.as_str())]);
            texts.push(Text::state(Role::Warning, note, self.ascii));
        }
        blocks.push(Block::Prose(texts));
        let numbered = verdict.lines.iter().enumerate();
        let links = numbered.flat_map(|(number, line)| self.line(Place::Line(number), line));
        blocks.push(Block::Chain(links.collect()));
        if attempt.wants_seeds() {
            self.seeds(verdict.passed(), blocks);
        }
        if !verdict.passed() {
            let answers = self.exercise.kind.answers();
            let keys = if answers { Say::KeysOfAnswers } else { Say::Keys };
            blocks.push(Block::Prose(vec![Text::new(Role::Faint, self.words.text(keys))]));
        }
        if self.record.state == State::Done {
            self.finished(blocks);
        }
    }

    /// Every question with the answer it has.
    fn questions(&self, work: &Work) -> Vec<Link> {
        let given = |question: &Question| {
            let Work::Answers(answers) = work else { return None };
            let answer = answers.get(&question.name)?;
            match answer {
                Answer::Hole => None,
                Answer::Number(_) => Some(decimal(self.words.lang, &answer.shown())),
                Answer::Text(_) | Answer::List(_) => Some(answer.shown()),
            }
        };
        let both = |question: &Question| {
            let target = Place::Question(question.name.clone()).target();
            let under = match given(question) {
                Some(answer) => {
                    let answer = format!("{answer} {}", question.unit);
                    let text = Say::Given.fill(self.words.lang, &[("answer", answer.trim())]);
                    Text::state(Role::Good, text, self.ascii)
                }
                None => Text::state(Role::Waiting, Say::NoAnswer.text(self.words.lang), self.ascii),
            };
            let link = |depth: u32, text: Text| Link {
                target: Some(target.clone()),
                depth,
                at: String::new(),
                text,
            };
            [link(0, Text::plain(question.ask.as_str())), link(1, under)]
        };
        self.exercise.questions.iter().flat_map(both).collect()
    }

    /// One demand: whether it held, and what stands against it.
    fn line(&self, place: Place, line: &Line) -> Vec<Link> {
        let lang = self.words.lang;
        let role = if line.held { Role::Good } else { Role::Bad };
        let target = Some(place.target());
        let link = |depth: u32, text: Text| Link {
            target: target.clone(),
            depth,
            at: String::new(),
            text,
        };
        let at = line.at.map(|at| form::moment(lang, at));
        let demand = match &at {
            Some(at) if line.held && line.sides.is_none() => {
                let args = [("demand", line.demand.as_str()), ("at", at.as_str())];
                Say::At.fill(lang, &args)
            }
            Some(_) | None => line.demand.clone(),
        };
        let mut links = vec![link(0, Text::state(role, demand, self.ascii))];
        let mut under = |text: String| links.push(link(1, Text::plain(text)));
        if line.sides.is_some() {
            under(line.seen.clone());
            return links;
        }
        if line.held {
            return links;
        }
        if let Some(case) = &line.case {
            under(Say::InCase.fill(lang, &[("case", case.as_str())]));
        }
        match at {
            Some(at) => {
                under(Say::Seen.fill(lang, &[("at", at), ("seen", line.seen.clone())]));
            }
            None => under(Say::SeenPlain.fill(lang, &[("seen", line.seen.as_str())])),
        }
        if let Some(object) = &line.object {
            under(Say::About.fill(lang, &[("object", object.as_str())]));
        }
        if let Some((at, cause)) = &line.cause {
            let args = [("at", form::moment(lang, *at)), ("cause", cause.clone())];
            under(Say::Cause.fill(lang, &args));
        }
        links
    }

    /// What chance has to do with it.
    fn seeds(&self, first_passed: bool, blocks: &mut Vec<Block>) {
        let (lang, seeds) = (self.words.lang, self.seeds);
        let passed = u64::try_from(seeds.passed.len()).unwrap_or(u64::MAX);
        let all = Seeds::all();
        let args = [
            ("played", seeds.played.to_string()),
            ("passed", passed.to_string()),
            ("all", all.to_string()),
        ];
        if let Some((seed, lines)) = &seeds.broken {
            let text = Say::SeedBroken.fill(lang, &[("seed", seed.to_string())]);
            blocks.push(self.one(Role::Bad, &text));
            let failed = lines.iter().enumerate().filter(|(_, line)| !line.held);
            let links = failed.flat_map(|(number, line)| self.line(Place::Seed(number), line));
            blocks.push(Block::Chain(links.collect()));
        }
        let (role, say) = match (seeds.is_done(), passed) {
            (false, _) => (Role::Starting, Say::SeedsRun),
            (true, passed) if passed == all && first_passed => (Role::Good, Say::SeedsAll),
            (true, passed) if passed == all => (Role::Warning, Say::SeedsFirst),
            (true, 0) => (Role::Unknown, Say::SeedsNone),
            (true, _) => (Role::Warning, Say::SeedsSome),
        };
        blocks.push(self.one(role, &say.fill(lang, &args)));
    }

    fn finished(&self, blocks: &mut Vec<Block>) {
        blocks.push(self.one(Role::Good, &self.words.text(Say::Done)));
        let title = |id: &str| exercise(id)?.value.map(|next| next.title);
        if let Some((id, title)) = self.next.and_then(|id| Some((id, title(id)?))) {
            let text = Say::Next.fill(self.words.lang, &[("id", id), ("title", title.as_str())]);
            blocks.push(Block::Chain(vec![Link {
                target: Some(Place::Exercise(id.to_owned()).target()),
                depth: 0,
                at: String::new(),
                text: Text::state(Role::Act, text, self.ascii),
            }]));
        }
    }

    /// The rungs that were shown, and how many there are.
    fn hints(&self) -> Vec<Block> {
        let all = self.exercise.hints.len();
        let shown = usize::try_from(self.record.hint).unwrap_or(all).min(all);
        let mut lines: Vec<Text> = hints(self.exercise, shown, self.words.lang);
        if shown < all {
            let args = [("rung", shown.to_string()), ("all", all.to_string())];
            lines.push(Text::new(Role::Faint, self.words.fill(Say::HintHow, &args)));
        }
        let title = Text::new(Role::Title, Say::HintTitle.text(self.words.lang));
        vec![Block::Heading(title), Block::Prose(lines)]
    }
}

/// The first rungs of the hint.
#[must_use]
pub fn hints(exercise: &Exercise, shown: usize, lang: Lang) -> Vec<Text> {
    let all = exercise.hints.len().to_string();
    let rungs = exercise.hints.iter().take(shown).enumerate();
    rungs
        .map(|(place, hint)| {
            let args =
                [("rung", (place + 1).to_string()), ("all", all.clone()), ("hint", hint.clone())];
            Text::plain(Say::HintOf.fill(lang, &args))
        })
        .collect()
}

/// The exercise after this one that is neither done nor skipped, the first ones last.
#[must_use]
pub fn next_after(id: &str, state: impl Fn(&str) -> State) -> Option<&'static str> {
    let ids = shelf::exercise_ids();
    let here = ids.iter().position(|one| *one == id).map_or(0, |place| place + 1);
    let (before, after) = ids.split_at(here);
    let mut all = after.iter().chain(before).copied();
    all.find(|one| *one != id && !matches!(state(one), State::Done | State::Skipped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::judge::shelved;
    use crate::course::{Progress, attempt};
    use crate::dashboard::keymap::Keymap;
    use crate::dashboard::speak::speak;

    fn said(id: &str, file: &str) -> String {
        let exercise = exercise(id).and_then(|loaded| loaded.value).expect("an exercise");
        let work = shelved(&exercise, file).value.expect("its file");
        let tried = attempt(&exercise, work, Lang::Tr).expect("judged");
        let mut progress = Progress::default();
        progress.next_hint(id, exercise.hints.len());
        let task = Task {
            exercise: &exercise,
            record: progress.of(id),
            standing: &Standing::Judged(Box::new(tried)),
            seeds: &Seeds::default(),
            skipped: &[],
            next: None,
            words: Words { lang: Lang::Tr, keys: &Keymap::default() },
            ascii: false,
        };
        speak(&task.page(), Lang::Tr).join("\n")
    }

    #[test]
    fn a_wrong_answer_names_time_object_and_cause() {
        let said = said("14-b-alarmi-kisalt", "yanlis-yalniz-pay.ron");
        for wanted in [
            "60. saniyede n2",
            "2/3 tuttu",
            "olan: 150,000 s anında",
            "nesne: node/n2",
            "neden: 60,000 s anında",
            "yanılgı",
            "ipucu 1/4",
        ] {
            assert!(said.contains(wanted), "{wanted} in\n{said}");
        }
    }

    #[test]
    fn prediction_and_outcome_stand_side_by_side() {
        let said = said("14-a-dugum-zaman-cizgisi", "yanlis-hemen.ron");
        assert!(said.contains("tahmin") && said.contains("· olan 48,"), "{said}");
        let open = self::said("14-a-dugum-zaman-cizgisi", "start.ron");
        assert!(open.contains("Önce tahmin edin") && !open.contains("olan"), "{open}");
    }

    #[test]
    fn places_are_read_as_they_are_written() {
        for place in [
            Place::Line(3),
            Place::Seed(0),
            Place::Question("ilk".to_owned()),
            Place::Exercise("14-b".to_owned()),
        ] {
            assert_eq!(Place::of(&place.target()), Some(place));
        }
        assert_eq!(Place::of(&Target::Named("lesson/14".to_owned())), None);
    }
}
