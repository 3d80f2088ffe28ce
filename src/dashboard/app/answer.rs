//! What is done with what was asked.

use crate::dashboard::bindings::Command;
use crate::dashboard::model::{Role, Text};
use crate::kernel::{SimTime, Span};
use crate::lab::{Change, SeedLine, Strip};
use crate::scenario::action;
use crate::scenario::settings;
use crate::scenario::splice::has_comment;
use crate::scenario::steps::Action;
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::screen::Say;
use crate::texts::fold;

use super::App;
use super::Effect;
use super::ask::{Ask, Item};
use super::goto;
use super::journey::Chase;
use super::names;
use super::palette;

/// What taking a line does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Doing {
    /// A command.
    Command(Command),
    /// Goes to a moment.
    Go(SimTime),
    /// Does something, in the scenario's words.
    Deed(String),
    /// Asks further, with the line of input filled.
    Further(Ask, String),
    /// Forks: the branch's name, and what is changed.
    Fork(String, Box<Change>),
    /// Stands on a branch.
    Branch(usize),
    /// Compares with a moment of this branch.
    Moment(String, SimTime),
    /// Compares with another branch.
    Other(usize),
    /// Opens an exercise.
    Sit(String),
    /// Begins the exercise again.
    Again,
    /// Leaves everything as it is.
    Nothing,
}

impl App {
    /// Enter in the overlay.
    pub(super) fn take(&mut self) {
        let Some(overlay) = self.overlay.take() else { return };
        let item = overlay.item().map(|item: &Item| item.doing.clone());
        let typed = overlay.typed.trim().to_owned();
        if overlay.ask == Ask::Palette {
            match self.spoken(&typed) {
                Ok(true) => return,
                Ok(false) => {}
                Err(why) => {
                    self.overlay = Some(overlay);
                    self.tell(Role::Bad, why);
                    return;
                }
            }
        }
        match (&overlay.ask, item) {
            (_, Some(doing)) => self.carry_out(doing),
            (Ask::Text | Ask::Hint | Ask::Filter, None) => {}
            (_, None) if typed.is_empty() => {}
            (ask, None) => {
                let ask = ask.clone();
                if let Err(why) = self.answered(&ask, &typed) {
                    // What was typed is not lost: it can be mended.
                    self.overlay = Some(overlay);
                    self.tell(Role::Bad, why);
                }
            }
        }
    }

    /// A command by its whole name, or with its object in one line: `git 60s`, `süzgeç web`,
    /// `eylem crash(…)`. False when the line is neither.
    ///
    /// Errors: a sentence about what is wrong with the object.
    fn spoken(&mut self, line: &str) -> Result<bool, String> {
        if let Some(command) = palette::named(line) {
            self.command(command);
            return Ok(true);
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let ask = match fold(word).as_str() {
            "git" | "goto" | "go" => Ask::Goto,
            "suzgec" | "filter" => Ask::Filter,
            "eylem" | "do" => Ask::Deed,
            "tohum" | "seed" => Ask::Seed,
            "kaydet" | "save" => Ask::Save,
            "sor" | "ask" => Ask::Seeds,
            "ayar" | "set" => match rest.split_once('=') {
                Some((name, _)) => Ask::Setting(name.trim().to_owned()),
                None => return Ok(false),
            },
            "imle" | "mark" => Ask::Mark,
            _ => return Ok(false),
        };
        if rest.is_empty() || self.stage.is_none() {
            return Ok(false);
        }
        let value = match (&ask, rest.split_once('=')) {
            (Ask::Setting(_), Some((_, value))) => value.trim(),
            _ => rest,
        };
        self.answered(&ask, value)?;
        Ok(true)
    }

    /// What is done with a typed answer.
    ///
    /// Errors: a sentence about what is wrong with it.
    fn answered(&mut self, ask: &Ask, typed: &str) -> Result<(), String> {
        let lang = self.look.lang;
        match ask {
            Ask::Goto => self.go_to_words(typed),
            Ask::Deed => self.do_words(typed),
            Ask::Mark => {
                if let Some(stage) = &mut self.stage {
                    stage.timeline_mut().set_bookmark(typed);
                }
                self.tell(Role::Mark, Say::MarkSet.fill(lang, &[("name", typed)]));
                Ok(())
            }
            Ask::Seed => {
                let seed: u64 = typed.parse().map_err(|_| Say::NoSeed.text(lang).to_owned())?;
                let name = Say::BranchSeed.fill(lang, &[("seed", typed)]);
                self.fork(name, Change::Seed(seed))
            }
            Ask::Setting(name) => self.fork_setting(name, typed),
            Ask::Seeds => self.over_seeds(typed),
            Ask::Save => {
                let Some(stage) = &self.stage else { return Ok(()) };
                if !stage.is_changed() {
                    return Err(self.words().text(Say::NothingToSave));
                }
                if typed.split('/').any(|part| part == "..") {
                    return Err(Say::NoFolderAbove.text(lang).to_owned());
                }
                let text = self.session(typed);
                let text = text.ok_or_else(|| Say::NoScenarioText.text(lang).to_owned())?;
                self.effects.push(Effect::Save { name: typed.to_owned(), text });
                Ok(())
            }
            Ask::Filter => {
                if let Some(stage) = &mut self.stage {
                    typed.clone_into(&mut stage.pane().filter.text);
                }
                Ok(())
            }
            Ask::Answer(name) => self.answer_question(name, typed),
            Ask::Palette => Err(Say::NoSuchCommand.fill(lang, &[("word", typed)])),
            Ask::Help
            | Ask::Text
            | Ask::Hint
            | Ask::Menu
            | Ask::Marks
            | Ask::Fork
            | Ask::Settings
            | Ask::Compare
            | Ask::Exercises
            | Ask::Again
            | Ask::Branches => Err(Say::NothingFits.fill(lang, &[("word", typed)])),
        }
    }

    fn carry_out(&mut self, doing: Doing) {
        let done = match doing {
            Doing::Command(command) => {
                self.command(command);
                Ok(())
            }
            Doing::Go(at) => {
                if let Some(stage) = &mut self.stage {
                    stage.go(at);
                }
                Ok(())
            }
            Doing::Deed(words) => self.do_words(&words),
            Doing::Further(ask, typed) => {
                self.ask_further(ask, typed);
                Ok(())
            }
            Doing::Fork(name, change) => self.fork(name, *change),
            Doing::Branch(number) => {
                self.stand_on(number);
                Ok(())
            }
            Doing::Moment(name, at) => {
                self.compare_with_moment(&name, at);
                Ok(())
            }
            Doing::Other(number) => {
                self.compare_with_branch(number);
                Ok(())
            }
            Doing::Sit(id) if self.warned() => {
                // The list stays open at hand: the key again goes there.
                self.ask_exercises();
                drop(id);
                Ok(())
            }
            Doing::Sit(id) => self.sit(&id),
            Doing::Again => {
                self.effects.push(Effect::Again);
                Ok(())
            }
            Doing::Nothing => Ok(()),
        };
        if let Err(why) = done {
            self.tell(Role::Bad, why);
        }
    }

    fn ask_further(&mut self, ask: Ask, typed: String) {
        match ask {
            Ask::Settings => self.ask_settings(),
            Ask::Setting(name) => {
                let label = Say::ValueLabel.text(self.look.lang);
                self.ask_titled(Ask::Setting(name.clone()), &name, Some(label), Vec::new());
                if let (Ok(setting), Some(overlay)) = (settings::find(&name), &mut self.overlay) {
                    let args = [
                        ("default", setting.default.clone()),
                        ("source", setting.source.to_owned()),
                    ];
                    let text = Say::DefaultIs.fill(self.look.lang, &args);
                    overlay.text = vec![Text::new(Role::Faint, text)];
                }
                self.prefill(typed);
            }
            Ask::Seed => self.ask(Ask::Seed, Say::SeedTitle, Some(Say::SeedLabel), Vec::new()),
            Ask::Deed => {
                self.ask(Ask::Deed, Say::DeedTitle, Some(Say::DeedLabel), Vec::new());
                self.explain(Say::DeedHow);
                self.prefill(typed);
            }
            Ask::Palette
            | Ask::Help
            | Ask::Text
            | Ask::Hint
            | Ask::Goto
            | Ask::Filter
            | Ask::Menu
            | Ask::Mark
            | Ask::Marks
            | Ask::Fork
            | Ask::Compare
            | Ask::Branches
            | Ask::Seeds
            | Ask::Exercises
            | Ask::Again
            | Ask::Answer(_)
            | Ask::Save => {}
        }
    }

    /// Does something at the cursor; the plan as it was stays as a branch of its own.
    fn do_words(&mut self, words: &str) -> Result<(), String> {
        let lang = self.look.lang;
        let deed = action(words, lang)?;
        let Some(stage) = &mut self.stage else { return Ok(()) };
        if matches!(deed, Action::Apply(_)) {
            return Err(Say::NoApplyHere.text(lang).to_owned());
        }
        if has_comment(words) {
            return Err(Say::NoCommentHere.text(lang).to_owned());
        }
        if let Some(name) = names::unknown(stage.seen(), words) {
            return Err(Say::NoSuchName.fill(lang, &[("name", name)]));
        }
        stage.stop();
        if stage.branches[stage.current].given.is_some() {
            let name = words.to_owned();
            return self.fork(name, Change::Deed(Box::new(deed), words.to_owned()));
        }
        stage.saved = false;
        stage.timeline_mut().act(deed, words);
        self.tell(Role::Act, Say::Did.fill(lang, &[("deed", words)]));
        Ok(())
    }

    /// One question over twenty seeds, each as a line of time.
    fn over_seeds(&mut self, words: &str) -> Result<(), String> {
        const SEEDS: u64 = 20;
        let lang = self.look.lang;
        let chosen = self.chosen();
        let Some(stage) = &mut self.stage else { return Ok(()) };
        if stage.is_large() {
            return Err(Say::TooLargeForSeeds.text(lang).to_owned());
        }
        let predicate = goto::predicate(words, chosen.as_ref(), lang)?;
        stage.stop();
        let plan = stage.timeline().run().plan();
        let strip = Strip::begin(plan, &predicate, plan.seed..=plan.seed.saturating_add(SEEDS - 1));
        let told = stage.set_out(Chase::Seeds(Box::new(strip), words.to_owned()));
        self.hear(told);
        Ok(())
    }

    /// What the seeds answered.
    pub(super) fn show_seeds(&mut self, lines: &[SeedLine], words: &str) {
        const PLACES: u64 = 40;
        let lang = self.look.lang;
        let Some(stage) = &self.stage else { return };
        let end = stage.timeline().end().as_nanos().max(1);
        let ascii = self.look.ascii;
        let (yes, no) = if ascii { ('#', '.') } else { ('█', '·') };
        let shown = lines.iter().map(|line| {
            let place = |at: SimTime| at.as_nanos().saturating_mul(PLACES) / end;
            let mut held = Span::ZERO;
            let mut bar: Vec<char> = (0..PLACES).map(|_| no).collect();
            for (from, to) in &line.held {
                held += to.since(*from);
                for spot in place(*from)..=place(*to).min(PLACES - 1) {
                    if let Some(cell) = usize::try_from(spot).ok().and_then(|it| bar.get_mut(it)) {
                        *cell = yes;
                    }
                }
            }
            let bar: String = bar.into_iter().collect();
            let args = [("seed", line.seed.to_string()), ("held", form::span(lang, held))];
            let about = Text::new(Role::Accent, bar)
                .and(Role::Plain, format!(" {}", Say::SeedHeld.fill(lang, &args)));
            let name = Say::BranchSeed.fill(lang, &[("seed", line.seed.to_string())]);
            let doing = Doing::Fork(name.clone(), Box::new(Change::Seed(line.seed)));
            Item::new(Text::plain(name), about, doing)
        });
        let items = shown.collect();
        self.ask_titled(Ask::Branches, words, None, items);
    }
}
