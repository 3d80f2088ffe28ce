//! The server of a dialogue: simulated members with Raft, disks and links, on their own stage.

use std::collections::BTreeMap;
use std::sync::Arc;

use prova::etcd::EtcdConfig;
use prova::kernel::{Slot, Span};
use prova::wire::etcd::{
    EtcdRequest, EtcdResponse, EtcdResult, LeaseId, WatchId, WatchRequest, WatchResponse,
};
use serde_json::{Value, json};

use super::{parse, show};
use crate::etcd_stage::Stage;

/// One watch of a dialogue.
struct Watch {
    /// Its number on the stream; none once the stream is gone.
    id: Option<WatchId>,
    unread: Vec<Arc<WatchResponse>>,
}

/// The server of a dialogue.
pub(super) struct Server {
    stage: Stage,
    config: EtcdConfig,
    /// The members under the names of the dialogue: `leader`, `follower1`, `follower2` …, as they
    /// were at its beginning.
    names: Vec<(String, usize)>,
    term: u64,
    leases: Vec<LeaseId>,
    watches: BTreeMap<String, Watch>,
}

impl Server {
    /// A fresh server of one member.
    pub(super) fn new(flags: &[Value]) -> Result<Self, String> {
        let mut config = EtcdConfig::default();
        for flag in flags.iter().filter_map(Value::as_str) {
            let (name, value) = flag
                .strip_prefix("--")
                .and_then(|flag| flag.split_once('='))
                .ok_or_else(|| format!("{flag} is no flag"))?;
            let setting = prova::etcd::SETTINGS
                .iter()
                .find(|setting| setting.name == name)
                .ok_or_else(|| format!("unknown flag {flag}"))?;
            (setting.set)(&mut config, value).map_err(|expected| format!("{flag}: {expected}"))?;
        }
        Ok(Self::with_members(1, config))
    }

    fn with_members(members: usize, config: EtcdConfig) -> Self {
        let mut stage = Stage::new(members, config.clone(), 1);
        stage.settle();
        let leader = stage.leader().unwrap_or(0);
        let followers = (0..members).filter(|place| *place != leader);
        let mut names = vec![("leader".to_owned(), leader)];
        names.extend((1..).map(|n| format!("follower{n}")).zip(followers));
        let term = stage.member(leader).node().term();
        Server { stage, config, names, term, leases: Vec::new(), watches: BTreeMap::new() }
    }

    /// Begins anew with several members.
    pub(super) fn cluster(&mut self, args: &Value) -> Result<Value, String> {
        let members = args["members"].as_u64().ok_or("cluster needs members")?;
        let mut config = self.config.clone();
        if let Some(pre_vote) = args["pre_vote"].as_bool() {
            config.pre_vote = pre_vote;
        }
        *self = Self::with_members(usize::try_from(members).map_err(|e| e.to_string())?, config);
        Ok(json!({"ok": true}))
    }

    /// The member that a step is about; the leader when it names none.
    pub(super) fn member(&self, name: Option<&str>) -> Result<usize, String> {
        let name = name.unwrap_or("leader");
        let found = self.names.iter().find(|(known, _)| known == name);
        found.map(|(_, place)| *place).ok_or_else(|| format!("no member {name}"))
    }

    /// The leases granted so far.
    pub(super) fn leases(&self) -> &[LeaseId] {
        &self.leases
    }

    /// Asks a member, and waits for its answer.
    pub(super) fn ask(&mut self, place: usize, request: EtcdRequest) -> EtcdResult {
        let (_, result) = self.stage.call(place, request);
        if let Ok(EtcdResponse::LeaseGrant(granted)) = &result {
            self.leases.push(granted.id);
        }
        result
    }

    /// Hands leadership over; a Raft id is a place plus one.
    pub(super) fn move_leader(&mut self, args: &Value) -> Result<EtcdResult, String> {
        let to = self.member(args["to"].as_str())? as u64 + 1;
        let place = self.member(args["member"].as_str())?;
        Ok(self.ask(place, EtcdRequest::MoveLeader(to)))
    }

    /// Who leads, by the names of the dialogue.
    pub(super) fn leader(&self) -> Value {
        let leader = self.stage.leader();
        let name = self.names.iter().find(|(_, place)| Some(*place) == leader);
        json!({"leader": name.map(|(name, _)| name.as_str())})
    }

    /// How leader and term stand to those of the beginning.
    pub(super) fn status(&self) -> Value {
        let leader = self.stage.leader();
        let term = leader.map_or(0, |place| self.stage.member(place).node().term());
        json!({
            "same_leader": leader.is_some_and(|place| self.names[0].1 == place),
            "term_delta": term.saturating_sub(self.term),
        })
    }

    /// Stops a member's process for a while, without killing it.
    pub(super) fn pause(&mut self, args: &Value) -> Result<Value, String> {
        let slot = self.slot(args["member"].as_str())?;
        self.stage.sim.pause(slot);
        self.sleep(args["ms"].as_u64().ok_or("pause needs ms")?);
        self.stage.sim.resume(slot);
        Ok(json!({"ok": true}))
    }

    /// Kills a member for good, or until `restart` names it.
    pub(super) fn kill(&mut self, name: Option<&str>) -> Result<Value, String> {
        let slot = self.slot(name)?;
        self.stage.sim.crash(slot);
        Ok(json!({"ok": true}))
    }

    /// Cuts the named members off from the others.
    pub(super) fn partition(&mut self, args: &Value) -> Result<Value, String> {
        let names = args["members"].as_array().ok_or("partition needs members")?;
        let places: Result<Vec<usize>, String> =
            names.iter().map(|name| self.member(name.as_str())).collect();
        self.stage.cut(&places?);
        Ok(json!({"ok": true}))
    }

    /// Joins everybody again.
    pub(super) fn heal(&mut self) {
        self.stage.heal();
    }

    fn slot(&self, name: Option<&str>) -> Result<Slot, String> {
        Ok(Slot(u32::try_from(self.member(name)?).map_err(|e| e.to_string())?))
    }

    /// Lets time pass.
    pub(super) fn sleep(&mut self, ms: u64) {
        self.stage.run(Span::millis(ms), &mut |_| {});
        self.sort_in();
    }

    /// Kills a member and starts it again on its disk: streams and clocks are gone.
    pub(super) fn restart(&mut self, name: Option<&str>) -> Result<Value, String> {
        let slot = self.slot(name)?;
        self.sort_in();
        self.stage.sim.crash(slot);
        self.stage.sim.restart(slot);
        self.stage.settle();
        self.watches.values_mut().for_each(|watch| watch.id = None);
        Ok(json!({"ok": true}))
    }

    /// Opens a watch under a name of the dialogue.
    pub(super) fn watch_open(&mut self, name: &str, args: &Value) -> Result<Value, String> {
        self.sort_in();
        let place = self.member(args["member"].as_str())?;
        self.stage.watch(place, WatchRequest::Create(parse::watch(args)?));
        self.stage.run(Span::millis(5), &mut |_| {});
        let heard = self.stage.heard();
        let id = heard.first().ok_or("a watch is answered at once")?.watch_id;
        self.watches.insert(name.to_owned(), Watch { id: Some(id), unread: heard });
        Ok(json!({"ok": true}))
    }

    /// Ends a watch.
    pub(super) fn watch_cancel(&mut self, name: &str) -> Result<Value, String> {
        let place = self.member(None)?;
        let watch = self.watches.get(name).ok_or_else(|| format!("no watch {name}"))?;
        if let Some(id) = watch.id {
            self.stage.watch(place, WatchRequest::Cancel(id));
        }
        Ok(json!({"ok": true}))
    }

    /// What came on a watch since the last time, until so many events are in it; 0: all.
    pub(super) fn watch_read(&mut self, name: &str, events: u64) -> Result<Value, String> {
        self.sleep(20);
        let watch = self.watches.get_mut(name).ok_or_else(|| format!("no watch {name}"))?;
        let mut seen = 0;
        let mut read = Vec::new();
        while !watch.unread.is_empty() && (seen < events || events == 0) {
            let response = watch.unread.remove(0);
            seen += response.events.len() as u64;
            read.push(show::watch(&response, &self.leases));
        }
        Ok(json!({"ok": true, "responses": read}))
    }

    /// Sorts what came on the stream to the watches it belongs to.
    fn sort_in(&mut self) {
        for response in self.stage.heard() {
            let of = |watch: &&mut Watch| watch.id == Some(response.watch_id);
            if let Some(watch) = self.watches.values_mut().find(of) {
                watch.unread.push(response);
            }
        }
    }
}
