//! Sites and the links between them: latency, jitter, loss, duplication, reordering, partitions.
//!
//! A host hangs on its zone by an uplink; zones form a graph (`petgraph`). A message climbs from
//! its host to the zone, takes the cheapest way over the graph, and descends; its delay is the sum
//! of the links' latencies plus jitter. What two sites pay each other is worked out once and kept
//! until the graph or a cut changes.
//!
//! Two manners of sending exist. A *datagram* can be lost, doubled and overtaken. A *stream*
//! (a TCP connection) keeps its order; loss only delays it, since the sender repeats itself.
//! Simplified: neither manner has a bandwidth; a big message is as fast as a small one.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use petgraph::algo::astar;
use petgraph::graph::{NodeIndex, UnGraph};

use super::actor::Slot;
use super::chance::{Chance, Purpose, Stream};
use super::fixed_map::FixedMap;
use super::time::{SimTime, Span};

/// A place in the topology: a host, a rack, a zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(pub u32);

/// The number of a partition, to heal it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CutId(pub u32);

/// What one link does to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkSpec {
    /// One-way delay.
    pub latency: Span,
    /// Greatest extra delay; the extra is uniform in `0 ..= jitter`.
    pub jitter: Span,
    /// Lost messages per million.
    pub loss_ppm: u32,
    /// Doubled messages per million (datagrams only).
    pub duplicate_ppm: u32,
    /// Messages per million that are held back by another latency, so that later ones overtake
    /// (datagrams only).
    pub reorder_ppm: u32,
}

impl LinkSpec {
    /// A link without faults.
    #[must_use]
    pub const fn clean(latency: Span, jitter: Span) -> Self {
        LinkSpec { latency, jitter, loss_ppm: 0, duplicate_ppm: 0, reorder_ppm: 0 }
    }

    /// The two links one after the other.
    fn then(self, next: LinkSpec) -> LinkSpec {
        // Chances are small, so adding them is exact to a rounding error; a cap keeps them chances.
        let add = |a: u32, b: u32| (a + b).min(1_000_000);
        LinkSpec {
            latency: self.latency + next.latency,
            jitter: self.jitter + next.jitter,
            loss_ppm: add(self.loss_ppm, next.loss_ppm),
            duplicate_ppm: add(self.duplicate_ppm, next.duplicate_ppm),
            reorder_ppm: add(self.reorder_ppm, next.reorder_ppm),
        }
    }
}

/// What becomes of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// It arrives after this delay.
    Arrives(Span),
    /// It arrives twice.
    Twice(Span, Span),
    /// A partition swallows it.
    Cut,
    /// The link loses it.
    Lost,
}

/// One fault between groups of sites: nothing passes, or what passes suffers more.
#[derive(Clone, Debug)]
struct Cut {
    from: BTreeSet<SiteId>,
    to: BTreeSet<SiteId>,
    both_ways: bool,
    /// What a message suffers besides the links on its way; none means that nothing passes.
    extra: Option<LinkSpec>,
}

/// What two sites pay each other.
#[derive(Clone, Copy, Debug)]
enum Route {
    Open(LinkSpec),
    Cut,
}

/// Where a site is fastened.
#[derive(Clone, Copy, Debug)]
enum Hangs {
    /// On a larger site.
    On(SiteId, LinkSpec),
    /// In the graph.
    Free(NodeIndex),
}

/// How long a sender waits before it repeats a lost segment.
/// Source: Linux `TCP_RTO_MIN`, 200 ms.
const RETRANSMIT_AFTER: Span = Span::millis(200);

/// Two processes on one host.
const LOOPBACK: LinkSpec = LinkSpec::clean(Span::micros(30), Span::micros(10));

/// The topology of a run and its present faults.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The sites that hang on nothing (zones), and the links between them.
    graph: UnGraph<SiteId, LinkSpec>,
    /// The site around a site (a host's zone) and the link to it; or its place in the graph.
    sites_by_id: Vec<Hangs>,
    /// Where each actor stands, by slot.
    sites: Vec<SiteId>,
    cuts: BTreeMap<CutId, Cut>,
    next_cut: u32,
    routes: FixedMap<(SiteId, SiteId), Route>,
    streams: FixedMap<(Slot, Slot), Lane>,
    /// Grows whenever the way between two sites may have changed.
    epoch: u32,
}

/// One stream's way, found once for many messages.
#[derive(Clone, Copy, Debug)]
struct Lane {
    /// When the last message arrives; the next one may not come earlier.
    last: SimTime,
    route: Route,
    /// The epoch in which the route was found.
    found_in: u32,
}

impl Links {
    /// Adds a site; `within` is the larger site that it belongs to, joined by `uplink`.
    pub fn add_site(&mut self, within: Option<(SiteId, LinkSpec)>) -> SiteId {
        let site = SiteId(u32::try_from(self.sites_by_id.len()).expect("fewer than 2^32 sites"));
        let hangs = match within {
            Some((outer, uplink)) => Hangs::On(outer, uplink),
            None => Hangs::Free(self.graph.add_node(site)),
        };
        self.sites_by_id.push(hangs);
        site
    }

    /// Joins two sites that hang on nothing, or changes the link between them.
    ///
    /// Panics when one of them hangs on a larger site: its uplink is its only way.
    pub fn join(&mut self, a: SiteId, b: SiteId, link: LinkSpec) {
        let (Hangs::Free(a), Hangs::Free(b)) = (self.hangs(a), self.hangs(b)) else {
            panic!("only sites that hang on nothing are joined");
        };
        self.graph.update_edge(a, b, link);
        self.forget_routes();
    }

    fn forget_routes(&mut self) {
        self.routes.clear();
        self.epoch += 1;
    }

    /// The site around `site`.
    #[must_use]
    pub fn parent(&self, site: SiteId) -> Option<SiteId> {
        match self.hangs(site) {
            Hangs::On(outer, _) => Some(outer),
            Hangs::Free(_) => None,
        }
    }

    fn hangs(&self, site: SiteId) -> Hangs {
        let place = self.sites_by_id.get(site.0 as usize);
        *place.expect("sites are made by add_site")
    }

    /// Says where an actor stands.
    pub fn place(&mut self, slot: Slot, site: SiteId) {
        if slot.index() >= self.sites.len() {
            self.sites.resize(slot.index() + 1, SiteId::default());
        }
        self.sites[slot.index()] = site;
        self.epoch += 1;
    }

    /// Where an actor stands; actors that nobody placed share site 0.
    #[must_use]
    pub fn site_of(&self, slot: Slot) -> SiteId {
        self.sites.get(slot.index()).copied().unwrap_or_default()
    }

    /// Cuts everything from the sites `from` to the sites `to`; a zone stands for all its hosts.
    pub fn cut(&mut self, from: &[SiteId], to: &[SiteId], both_ways: bool) -> CutId {
        self.add_cut((from, to), both_ways, None)
    }

    /// Lets everything between the sites `a` and `b` suffer `extra` besides the links on its way.
    pub fn slow(&mut self, a: &[SiteId], b: &[SiteId], extra: LinkSpec) -> CutId {
        self.add_cut((a, b), true, Some(extra))
    }

    fn add_cut(
        &mut self,
        (from, to): (&[SiteId], &[SiteId]),
        both_ways: bool,
        extra: Option<LinkSpec>,
    ) -> CutId {
        let id = CutId(self.next_cut);
        self.next_cut += 1;
        let set = |sites: &[SiteId]| sites.iter().copied().collect();
        self.cuts.insert(id, Cut { from: set(from), to: set(to), both_ways, extra });
        self.forget_routes();
        id
    }

    /// Heals one partition or slow way; false when it was healed before.
    pub fn heal(&mut self, id: CutId) -> bool {
        self.forget_routes();
        self.cuts.remove(&id).is_some()
    }

    /// Heals every partition and every slow way.
    pub fn heal_all(&mut self) {
        self.forget_routes();
        self.cuts.clear();
    }

    /// Whether a message from `a` to `b` would be swallowed by a partition or finds no path.
    pub fn is_cut(&mut self, a: Slot, b: Slot) -> bool {
        matches!(self.route(self.site_of(a), self.site_of(b)), Route::Cut)
    }

    /// Sends a datagram: it may be lost, doubled or overtaken.
    pub(super) fn datagram(&mut self, chance: &mut Chance, from: Slot, to: Slot) -> Passage {
        let Route::Open(link) = self.route(self.site_of(from), self.site_of(to)) else {
            return Passage::Cut;
        };
        let stream = chance.stream(from, Purpose::LINK);
        if stream.happens(link.loss_ppm) {
            return Passage::Lost;
        }
        let mut delay = jittered(stream, &link);
        if stream.happens(link.reorder_ppm) {
            delay += link.latency + jittered(stream, &link);
        }
        if stream.happens(link.duplicate_ppm) {
            return Passage::Twice(delay, jittered(stream, &link));
        }
        Passage::Arrives(delay)
    }

    /// Sends on a stream: never overtaken, never doubled; loss costs a repetition.
    pub(super) fn stream(
        &mut self,
        chance: &mut Chance,
        now: SimTime,
        (from, to): (Slot, Slot),
    ) -> Passage {
        let lane = self.lane(from, to);
        let Route::Open(link) = lane.route else { return Passage::Cut };
        let stream = chance.stream(from, Purpose::LINK);
        let mut delay = jittered(stream, &link);
        let mut wait = RETRANSMIT_AFTER;
        // A segment that is lost ten times in a row has waited minutes; TCP gives up around then.
        for _ in 0..10 {
            if !stream.happens(link.loss_ppm) {
                break;
            }
            delay += wait;
            wait = wait * 2;
        }
        let at = now + delay;
        lane.last = at.max(lane.last);
        Passage::Arrives(lane.last.since(now))
    }

    /// The stream from `from` to `to`, with its present route.
    fn lane(&mut self, from: Slot, to: Slot) -> &mut Lane {
        let known = self.streams.get(&(from, to)).copied();
        if known.is_none_or(|lane| lane.found_in != self.epoch) {
            let route = self.route(self.site_of(from), self.site_of(to));
            let last = known.map_or(SimTime::ZERO, |lane| lane.last);
            self.streams.insert((from, to), Lane { last, route, found_in: self.epoch });
        }
        self.streams.get_mut(&(from, to)).expect("it was found or made just now")
    }

    /// What the way from `a` to `b` costs at present.
    fn route(&mut self, a: SiteId, b: SiteId) -> Route {
        if let Some(route) = self.routes.get(&(a, b)) {
            return *route;
        }
        let route = self.find_route(a, b);
        self.routes.insert((a, b), route);
        route
    }

    fn find_route(&self, a: SiteId, b: SiteId) -> Route {
        if a == b {
            return Route::Open(LOOPBACK);
        }
        let mut extra = LinkSpec::clean(Span::ZERO, Span::ZERO);
        for cut in self.cuts.values().filter(|cut| self.cut_applies(cut, a, b)) {
            match cut.extra {
                Some(more) => extra = extra.then(more),
                None => return Route::Cut,
            }
        }
        self.way(a, b).map_or(Route::Cut, |way| Route::Open(way.then(extra)))
    }

    /// The cheapest way from `a` to `b`, without regard to cuts.
    fn way(&self, a: SiteId, b: SiteId) -> Option<LinkSpec> {
        let (climb_a, climb_b) = (self.climb(a), self.climb(b));
        // Where both climbs meet first, they need not go on.
        let meets = climb_a.iter().find_map(|(site, up)| {
            climb_b.iter().find(|(other, _)| other == site).map(|(_, down)| up.then(*down))
        });
        if meets.is_some() {
            return meets;
        }
        let ((top_a, up), (top_b, down)) = (climb_a.last()?, climb_b.last()?);
        let (Hangs::Free(from), Hangs::Free(goal)) = (self.hangs(*top_a), self.hangs(*top_b))
        else {
            return None;
        };
        let cost = |edge: petgraph::graph::EdgeReference<'_, LinkSpec>| {
            edge.weight().latency.as_nanos() + 1
        };
        let (_, path) = astar(&self.graph, from, |node| node == goal, cost, |_| 0)?;
        Some(up.then(self.along(&path)).then(*down))
    }

    /// Every site from `site` up to the one that hangs on nothing, and the way there.
    fn climb(&self, site: SiteId) -> Vec<(SiteId, LinkSpec)> {
        let mut way = LinkSpec::clean(Span::ZERO, Span::ZERO);
        let mut climbed = vec![(site, way)];
        let mut now = site;
        while let Hangs::On(outer, uplink) = self.hangs(now) {
            way = way.then(uplink);
            climbed.push((outer, way));
            now = outer;
        }
        climbed
    }

    /// The links along a path, joined into one.
    fn along(&self, path: &[NodeIndex]) -> LinkSpec {
        let edges = path.windows(2).filter_map(|pair| self.graph.find_edge(pair[0], pair[1]));
        edges.fold(LinkSpec::clean(Span::ZERO, Span::ZERO), |sum, edge| sum.then(self.graph[edge]))
    }

    fn cut_applies(&self, cut: &Cut, a: SiteId, b: SiteId) -> bool {
        let inside = |set: &BTreeSet<SiteId>, site: SiteId| {
            std::iter::successors(Some(site), |inner| self.parent(*inner))
                .any(|around| set.contains(&around))
        };
        inside(&cut.from, a) && inside(&cut.to, b)
            || cut.both_ways && inside(&cut.from, b) && inside(&cut.to, a)
    }
}

/// One crossing's delay.
fn jittered(stream: &mut Stream, link: &LinkSpec) -> Span {
    if link.jitter.is_zero() {
        return link.latency;
    }
    link.latency + Span::nanos(stream.between(0, link.jitter.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOP: LinkSpec = LinkSpec::clean(Span::millis(1), Span::ZERO);

    /// Two zones with one host each; actors 0 and 1 stand on the hosts.
    fn two_zones() -> (Links, [SiteId; 4]) {
        let mut links = Links::default();
        let (za, zb) = (links.add_site(None), links.add_site(None));
        let (ha, hb) = (links.add_site(Some((za, HOP))), links.add_site(Some((zb, HOP))));
        links.join(za, zb, HOP);
        links.place(Slot(0), ha);
        links.place(Slot(1), hb);
        (links, [za, zb, ha, hb])
    }

    #[test]
    fn latency_adds_up_along_the_path() {
        let (mut links, _) = two_zones();
        let mut chance = Chance::new(1);
        let passage = links.datagram(&mut chance, Slot(0), Slot(1));
        assert_eq!(passage, Passage::Arrives(Span::millis(3)));
    }

    #[test]
    fn a_one_way_partition_of_zones_cuts_their_hosts_one_way() {
        let (mut links, [za, zb, ..]) = two_zones();
        let cut = links.cut(&[za], &[zb], false);
        assert!(links.is_cut(Slot(0), Slot(1)) && !links.is_cut(Slot(1), Slot(0)));
        assert!(links.heal(cut) && !links.heal(cut));
        assert!(!links.is_cut(Slot(0), Slot(1)));
    }

    #[test]
    fn a_slow_way_costs_more_until_it_is_healed() {
        let (mut links, [_, _, ha, hb]) = two_zones();
        let mut chance = Chance::new(1);
        let slow = links.slow(&[ha], &[hb], LinkSpec::clean(Span::millis(80), Span::ZERO));
        let there = links.datagram(&mut chance, Slot(0), Slot(1));
        assert_eq!(there, Passage::Arrives(Span::millis(83)));
        assert!(links.heal(slow));
        let there = links.datagram(&mut chance, Slot(0), Slot(1));
        assert_eq!(there, Passage::Arrives(Span::millis(3)));
    }

    #[test]
    fn a_stream_keeps_its_order_over_a_lossy_jittery_link() {
        let (mut links, [za, zb, ..]) = two_zones();
        let bad = LinkSpec {
            latency: Span::millis(1),
            jitter: Span::millis(50),
            loss_ppm: 300_000,
            duplicate_ppm: 500_000,
            reorder_ppm: 500_000,
        };
        links.join(za, zb, bad);
        let mut chance = Chance::new(1);
        let mut last = SimTime::ZERO;
        for step in 0..200 {
            let now = SimTime::from_nanos(step * 1_000_000);
            let Passage::Arrives(delay) = links.stream(&mut chance, now, (Slot(0), Slot(1))) else {
                panic!("a stream loses nothing without a partition");
            };
            assert!(now + delay >= last);
            last = now + delay;
        }
        let lost = (0..1000)
            .filter(|_| links.datagram(&mut chance, Slot(0), Slot(1)) == Passage::Lost)
            .count();
        assert!((200..400).contains(&lost), "about 30 % of datagrams are lost, not {lost}");
    }
}
