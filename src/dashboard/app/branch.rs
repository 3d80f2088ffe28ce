//! Forks and comparisons: other futures beside this one, and what differs.

use crate::dashboard::model::{Role, Text};
use crate::kernel::SimTime;
use crate::lab::{Change, MarkKind};
use crate::scenario::cut::without_step;
use crate::scenario::settings;
use crate::scenario::splice::{with_field, with_setting};
use crate::tell::form;
use crate::texts::Key as _;
use crate::texts::dashboard::screen::Say;

use super::App;
use super::answer::Doing;
use super::ask::{Ask, Item};
use super::goto::mark_name;
use super::journey::Chase;
use super::stage::{Branch, Other, Stage};

/// The scenario's text with the change in it; none where the text cannot say it.
fn told(text: Option<&str>, change: &Change) -> Option<String> {
    let text = text?;
    match change {
        // Deeds stand in the journal.
        Change::Nothing | Change::Deed(..) => Some(text.to_owned()),
        Change::Seed(seed) => with_field(text, &["seed"], &seed.to_string()),
        Change::Setting(name, value) => with_setting(text, name, value),
        Change::WithoutStep(number) => without_step(text, *number),
    }
}

impl App {
    /// What may be otherwise in another future.
    pub(super) fn ask_fork(&mut self) {
        let lang = self.look.lang;
        let Some(stage) = &self.stage else { return };
        let now = stage.now();
        let say = |key: Say| Text::plain(key.text(lang));
        let here = Say::ForkHere.fill(lang, &[("at", form::moment(lang, now))]);
        let same = Doing::Fork(here.clone(), Box::new(Change::Nothing));
        let mut items = vec![
            Item::new(
                say(Say::ForkSetting),
                say(Say::ForkSettingHow),
                Doing::Further(Ask::Settings, String::new()),
            ),
            Item::new(
                say(Say::ForkDeed),
                say(Say::ForkDeedHow),
                Doing::Further(Ask::Deed, String::new()),
            ),
        ];
        for (number, step) in stage.timeline().run().plan().steps.iter().enumerate() {
            let args = [
                ("at", form::moment(lang, step.at)),
                ("step", step.action.value.word().to_owned()),
            ];
            let name = Say::ForkWithout.fill(lang, &args);
            let about = Text::new(Role::Faint, step.note.as_str());
            let doing = Doing::Fork(name.clone(), Box::new(Change::WithoutStep(number)));
            items.push(Item::new(Text::plain(name), about, doing));
        }
        items.push(Item::new(
            say(Say::ForkSeed),
            say(Say::ForkSeedHow),
            Doing::Further(Ask::Seed, String::new()),
        ));
        items.push(Item::new(say(Say::ForkSame), Text::plain(here), same));
        self.ask(Ask::Fork, Say::ForkTitle, None, items);
        self.explain(Say::ForkHow);
    }

    /// Every flag that can have another value; what was changed already comes first.
    pub(super) fn ask_settings(&mut self) {
        let Some(stage) = &self.stage else { return };
        let set = &stage.timeline().run().plan().cluster.settings;
        let mut items: Vec<Item> = Vec::new();
        for setting in settings::all() {
            let name = setting.full_name();
            let value = set.get(&name).unwrap_or(&setting.default).clone();
            let doing = Doing::Further(Ask::Setting(name.clone()), value.clone());
            let role = if set.contains_key(&name) { Role::Accent } else { Role::Faint };
            items.push(Item::new(Text::plain(name), Text::new(role, value), doing));
        }
        // What people change first: how patient the cluster is.
        let patience = |item: &Item| {
            let name = item.words[0].letters();
            if name.contains("unreachable-toleration") {
                0
            } else if name.contains("toleration") || name.contains("grace-period") {
                1
            } else {
                2
            }
        };
        items.sort_by_key(patience);
        self.ask(Ask::Settings, Say::SettingTitle, Some(Say::NarrowLabel), items);
        self.explain(Say::SettingHow);
    }

    /// Errors: the flag cannot hold this value, or nobody knows the flag.
    pub(super) fn fork_setting(&mut self, name: &str, value: &str) -> Result<(), String> {
        let lang = self.look.lang;
        let unknown = |_| Say::NoSetting.fill(lang, &[("name", name)]);
        let setting = settings::find(name).map_err(unknown)?;
        let full = setting.full_name();
        setting.accepts(value).map_err(|expected| {
            let args = [
                ("name", full.as_str()),
                ("value", value),
                ("default", setting.default.as_str()),
                ("expected", settings::expected_words(expected, lang)),
            ];
            Say::BadValue.fill(lang, &args)
        })?;
        let branch = format!("{}={value}", setting.flag);
        self.fork(branch, Change::Setting(full, value.to_owned()))
    }

    /// Adds a branch and stands on it, at the same moment.
    ///
    /// Errors: the changed cluster cannot be built.
    pub(super) fn fork(&mut self, name: String, change: Change) -> Result<(), String> {
        let Some(stage) = &mut self.stage else { return Ok(()) };
        stage.stop();
        let text = told(stage.branches[stage.current].text.as_deref(), &change);
        let (now, anew) = (stage.now(), change.begins_anew());
        let timeline = stage.timeline().fork_off(change).map_err(|why| why.to_string())?;
        stage.branches.push(Branch { name: name.clone(), text, timeline, given: None });
        stage.current = stage.branches.len() - 1;
        stage.saved = false;
        stage.forget_numbers();
        if anew {
            stage.go(now);
        }
        let args = [("number", (stage.current + 1).to_string()), ("name", name)];
        self.tell(Role::Mark, self.words().fill(Say::Forked, &args));
        Ok(())
    }

    /// A branch's name; the first one is called what the scenario says.
    pub(super) fn branch_name(&self, number: usize) -> String {
        let lang = self.look.lang;
        let name = self.stage.as_ref().and_then(|stage| stage.branches.get(number));
        let name = name.map(|branch| branch.name.clone()).unwrap_or_default();
        let name = if name.is_empty() { Say::FirstBranch.text(lang).to_owned() } else { name };
        let args = [("number", (number + 1).to_string()), ("name", name)];
        Say::BranchName.fill(lang, &args)
    }

    pub(super) fn ask_branches(&mut self) {
        let lang = self.look.lang;
        let Some(stage) = &self.stage else { return };
        let items = (0..stage.branches.len()).map(|number| {
            let at = stage.branches[number].timeline.cursor().at;
            let here = number == stage.current;
            let role = if here { Role::Strong } else { Role::Plain };
            let about = if here { Say::BranchHere.text(lang) } else { "" };
            let about = format!("{}  {about}", form::moment(lang, at));
            Item::new(
                Text::new(role, self.branch_name(number)),
                Text::plain(about),
                Doing::Branch(number),
            )
        });
        let items = items.collect();
        self.ask(Ask::Branches, Say::BranchesTitle, None, items);
    }

    /// Stands on a branch, at the moment where the reader stands now.
    pub(super) fn stand_on(&mut self, number: usize) {
        let lang = self.look.lang;
        let Some(stage) = &mut self.stage else { return };
        if number >= stage.branches.len() {
            return;
        }
        stage.stop();
        let now = stage.now();
        stage.current = number;
        stage.forget_numbers();
        stage.go(now);
        let name = self.branch_name(number);
        self.tell(Role::Mark, Say::OnBranch.fill(lang, &[("name", name)]));
    }

    /// What the present can be compared with.
    pub(super) fn ask_compare(&mut self) {
        let lang = self.look.lang;
        let Some(stage) = &self.stage else { return };
        let mut items = Vec::new();
        for number in (0..stage.branches.len()).filter(|number| *number != stage.current) {
            let about = Text::plain(Say::CompareSameTime.text(lang));
            let name = Text::plain(self.branch_name(number));
            items.push(Item::new(name, about, Doing::Other(number)));
        }
        let now = stage.now();
        for mark in stage.marks().into_iter().filter(|mark| mark.at != now) {
            let role = match mark.kind {
                MarkKind::Bookmark | MarkKind::Own => Role::Mark,
                MarkKind::Step | MarkKind::Done => Role::Act,
            };
            let at = form::moment(lang, mark.at);
            let about = Text::new(role, format!("{at}  {}", mark.note));
            let name = mark_name(&mark, lang).to_owned();
            let item = Text::plain(name.as_str());
            items.push(Item::new(item, about, Doing::Moment(name, mark.at)));
        }
        let begin = Say::TheBeginning.text(lang).to_owned();
        let item = Item::new(
            Text::plain(begin.as_str()),
            Text::plain(""),
            Doing::Moment(begin, SimTime::ZERO),
        );
        items.push(item);
        self.ask(Ask::Compare, Say::CompareTitle, None, items);
        self.explain(Say::CompareHow);
    }

    pub(super) fn compare_with_moment(&mut self, name: &str, at: SimTime) {
        let name = format!("{name} ({})", form::moment(self.look.lang, at));
        let Some(stage) = &mut self.stage else { return };
        stage.stop();
        let scout = Box::new(stage.timeline().scout(at));
        let told = stage.set_out(Chase::Moment(scout, name));
        self.hear(told);
    }

    pub(super) fn compare_with_branch(&mut self, number: usize) {
        let Some(stage) = &mut self.stage else { return };
        stage.stop();
        stage.compare_with(Other::Branch(number));
    }

    /// The other branch follows the cursor.
    pub(super) fn follow(&mut self) {
        if let Some(stage) = &mut self.stage {
            let steps = stage.first_bite();
            stage.follow(steps);
        }
    }
}

impl Stage {
    pub(super) fn compare_with(&mut self, other: Other) {
        self.other = Some(other);
        self.focus = super::Focus::Main;
        self.other_pane = super::Pane::default();
    }
}
