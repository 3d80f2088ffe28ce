//! Words of the views that show how the cluster stands: map, objects, log, network, figures, and
//! of the pages "why?" and "difference".
//!
//! Kinds, fields and status words (Running, NotReady) stay English in both languages.

use crate::texts::Pair;

/// The map's name.
pub const MAP: Pair = Pair { tr: "Genel", en: "Map" };
/// The objects' name.
pub const OBJECTS: Pair = Pair { tr: "Nesne", en: "Objects" };
/// The log's name.
pub const EVENTS: Pair = Pair { tr: "Olay", en: "Log" };
/// The network's name.
pub const NET: Pair = Pair { tr: "Ağ", en: "Network" };
/// The figures' name.
pub const METRICS: Pair = Pair { tr: "Metrik", en: "Metrics" };
/// The name of the page of causes.
pub const WHY: Pair = Pair { tr: "Neden?", en: "Why?" };
/// The name of the page of differences.
pub const COMPARE: Pair = Pair { tr: "Fark", en: "Difference" };

crate::texts! {
    /// The map.
    pub enum MapWords {
        Summary {
            tr: "{nodes} düğümün {ready} tanesi Ready · {pods} podun {running} tanesi Running",
            en: "{ready} of {nodes} nodes Ready · {running} of {pods} pods Running",
        },
        ControlPlane { tr: "Kontrol düzlemi", en: "Control plane" },
        Nodes { tr: "Düğümler", en: "Nodes" },
        Zone { tr: "Bölge: {zone}", en: "Zone: {zone}" },
        Waiting { tr: "Bekleyenler", en: "Waiting" },
        WithoutNode { tr: "düğümü olmayan {count} pod", en: "{count} pods without a node" },
        Cordoned { tr: "yerleşime kapalı (cordon)", en: "closed for new pods (cordon)" },
        Off { tr: "makine kapalı; küme bunu yalnızca sessizlikten anlar", en: "the machine is off; the cluster learns so from its silence only" },
        Frozen { tr: "makine dondu; küme bunu yalnızca sessizlikten anlar", en: "the machine is frozen; the cluster learns so from its silence only" },
        ProcessDown { tr: "{process} çöktü", en: "{process} has crashed" },
        ProcessPaused { tr: "{process} donduruldu", en: "{process} is frozen" },
        NotRegistered { tr: "henüz kaydolmadı", en: "not registered yet" },
        Works { tr: "çalışıyor", en: "works" },
        Crashed { tr: "çöktü", en: "crashed" },
        Paused { tr: "donduruldu", en: "frozen" },
        Leader { tr: "lider", en: "leader" },
        Follower { tr: "takipçi", en: "follower" },
        Candidate { tr: "aday", en: "candidate" },
        Standby { tr: "yedekte", en: "stands by" },
        Term { tr: "{role}, dönem {term}", en: "{role}, term {term}" },
        NodeCount { tr: "{zone}: {count} düğüm", en: "{zone}: {count} nodes" },
        NodesIn { tr: "{count} düğüm {state}", en: "{count} nodes {state}" },
        Process { tr: "süreç", en: "process" },
        Machine { tr: "makine", en: "machine" },
        State { tr: "durum", en: "state" },
        Pods { tr: "Podlar", en: "Pods" },
        NoPods { tr: "burada pod yok", en: "no pods here" },
        Nothing { tr: "Küme henüz ayağa kalkmadı.", en: "The cluster is not up yet." },
    }
}

crate::texts! {
    /// The objects.
    pub enum ObjectWords {
        Kind { tr: "Tür", en: "Kind" },
        Count { tr: "Sayı", en: "Count" },
        Summary { tr: "Durumlar", en: "States" },
        Name { tr: "Ad", en: "Name" },
        Ready { tr: "Hazır", en: "Ready" },
        Status { tr: "Durum", en: "Status" },
        Restarts { tr: "Yeniden başlama", en: "Restarts" },
        Age { tr: "Yaş", en: "Age" },
        Address { tr: "IP", en: "IP" },
        Node { tr: "Düğüm", en: "Node" },
        UpToDate { tr: "Güncel", en: "Up-to-date" },
        Available { tr: "Kullanılabilir", en: "Available" },
        Desired { tr: "İstenen", en: "Desired" },
        Current { tr: "Var olan", en: "Current" },
        Type { tr: "Çeşit", en: "Type" },
        ClusterIp { tr: "ClusterIP", en: "ClusterIP" },
        Ports { tr: "Kapılar", en: "Ports" },
        Endpoints { tr: "Uçlar", en: "Endpoints" },
        Roles { tr: "Roller", en: "Roles" },
        Version { tr: "Sürüm", en: "Version" },
        Reference { tr: "Ölçeklenen", en: "Reference" },
        Targets { tr: "Hedef", en: "Targets" },
        Least { tr: "En az", en: "Min" },
        Most { tr: "En çok", en: "Max" },
        Replicas { tr: "Kopya", en: "Replicas" },
        Holder { tr: "Sahibi", en: "Holder" },
        Renewed { tr: "Yenilendi", en: "Renewed" },
        Data { tr: "Veri", en: "Data" },
        LastSeen { tr: "Son", en: "Last seen" },
        Reason { tr: "Neden", en: "Reason" },
        Object { tr: "Nesne", en: "Object" },
        Message { tr: "İleti", en: "Message" },
        More { tr: "ve {count} tane daha; / ile süzün", en: "and {count} more; filter with /" },
        Empty { tr: "Bu türden nesne yok.", en: "There is no object of this kind." },
        NoObjects { tr: "Henüz hiç nesne yok.", en: "There are no objects yet." },
        Gone { tr: "Bu nesne artık (ya da henüz) yok.", en: "This object does not exist (any more, or yet)." },
        Labels { tr: "etiketler", en: "labels" },
        Owner { tr: "sahip", en: "owner" },
        Owned { tr: "Sahip olduğu nesneler", en: "What it owns" },
        Revision { tr: "revizyon", en: "revision" },
        Generation { tr: "nesil", en: "generation" },
        Uid { tr: "kimlik", en: "uid" },
        LastChange { tr: "son değişim", en: "last change" },
        Conditions { tr: "Koşullar", en: "Conditions" },
        Condition { tr: "Koşul", en: "Condition" },
        Since { tr: "Ne zamandır", en: "Since" },
        Events { tr: "Bu nesnenin Event kayıtları", en: "Events about this object" },
        NoEvents { tr: "Bu nesneyle ilgili Event yok.", en: "There are no Events about this object." },
        Raw { tr: "Ham nesne", en: "Raw object" },
        Times { tr: "{count} kez", en: "{count} times" },
        Minutes { tr: "dk", en: "min" },
    }
}

crate::texts! {
    /// The log, and the page of one fact.
    pub enum LogWords {
        Shown { tr: "{all} kaydın {shown} tanesi", en: "{shown} of {all} entries" },
        Time { tr: "An", en: "Time" },
        What { tr: "Ne oldu", en: "What happened" },
        Empty { tr: "Henüz bir şey olmadı.", en: "Nothing has happened yet." },
        NothingFits { tr: "Süzgece uyan kayıt yok: {filter}", en: "No entry fits the filter: {filter}" },
        At { tr: "an", en: "at" },
        Actor { tr: "süreç", en: "by" },
        Outside { tr: "senaryo", en: "the scenario" },
        About { tr: "nesne", en: "object" },
        Event { tr: "olay numarası", en: "event number" },
        Causes { tr: "Neden oldu?", en: "Why did it happen?" },
        Consequences { tr: "Neye yol açtı?", en: "What did it lead to?" },
        NoConsequences { tr: "Bundan doğan bir olay henüz görülmedi.", en: "Nothing came of it yet." },
        Unknown { tr: "Böyle bir olay bu ana kadar görülmedi.", en: "No such fact was seen up to this moment." },
    }
}

crate::texts! {
    /// The named values of a fact.
    pub enum FieldWords {
        Answer { tr: "yanıt", en: "answer" },
        Available { tr: "kullanılabilir", en: "available" },
        Client { tr: "istemci", en: "client" },
        Command { tr: "komut", en: "command" },
        Cordoned { tr: "yerleşime kapalı", en: "cordoned" },
        Count { tr: "kaç kez", en: "count" },
        Endpoints { tr: "uç", en: "endpoints" },
        Error { tr: "hata", en: "error" },
        Filtered { tr: "elenen düğüm", en: "filtered nodes" },
        From { tr: "önce", en: "from" },
        Grace { tr: "bekleme payı (s)", en: "grace period (s)" },
        Holder { tr: "tutan", en: "holder" },
        Identity { tr: "kimlik", en: "identity" },
        Images { tr: "imaj", en: "images" },
        Leader { tr: "lider", en: "leader" },
        Leads { tr: "lider mi", en: "leads" },
        Lease { tr: "kira", en: "lease" },
        Member { tr: "üye", en: "member" },
        Message { tr: "ileti", en: "message" },
        Name { tr: "ad", en: "name" },
        Node { tr: "düğüm", en: "node" },
        Owner { tr: "sahip", en: "owner" },
        Pod { tr: "pod", en: "pod" },
        Process { tr: "süreç", en: "process" },
        Ready { tr: "hazır", en: "ready" },
        Reason { tr: "neden", en: "reason" },
        Restarts { tr: "yeniden başlama", en: "restarts" },
        Role { tr: "rol", en: "role" },
        Scored { tr: "puanlanan düğüm", en: "scored nodes" },
        Service { tr: "servis", en: "service" },
        Source { tr: "bildiren", en: "source" },
        Status { tr: "durum", en: "status" },
        Taints { tr: "leke", en: "taints" },
        Target { tr: "hedef", en: "target" },
        Term { tr: "dönem", en: "term" },
        To { tr: "sonra", en: "to" },
        Type { tr: "çeşit", en: "type" },
        Updated { tr: "yenilenen", en: "updated" },
        Wanted { tr: "istenen", en: "wanted" },
        Yes { tr: "evet", en: "yes" },
        No { tr: "hayır", en: "no" },
        RaftLeader { tr: "lider", en: "leader" },
        RaftFollower { tr: "takipçi", en: "follower" },
        RaftCandidate { tr: "aday", en: "candidate" },
        RaftPreCandidate { tr: "ön aday", en: "pre-candidate" },
    }
}

crate::texts! {
    /// The network.
    pub enum NetWords {
        Service { tr: "Servis", en: "Service" },
        ReadyEnds { tr: "Hazır uç", en: "Ready ends" },
        Rules { tr: "Kurallar", en: "Rules" },
        Won { tr: "Karşılanan", en: "Served" },
        Lost { tr: "Kaybolan", en: "Lost" },
        NoServices { tr: "Servis yok.", en: "There are no Services." },
        Endpoints { tr: "{service} servisinin uçları", en: "Endpoints of {service}" },
        NoEndpoints { tr: "Bu servisin hiç ucu yok.", en: "This Service has no endpoints." },
        Pod { tr: "Pod", en: "Pod" },
        Address { tr: "Adres", en: "Address" },
        Node { tr: "Düğüm", en: "Node" },
        State { tr: "Durum", en: "State" },
        RulesOf { tr: "{service} servisinin düğümlerdeki kuralları", en: "Rules of {service} on the nodes" },
        LeadsTo { tr: "Nereye götürür", en: "Leads to" },
        Fresh { tr: "güncel", en: "up to date" },
        Stale { tr: "bayat", en: "stale" },
        Behind { tr: "eksik", en: "behind" },
        None { tr: "kural yok", en: "no rules" },
        Off { tr: "makine kapalı", en: "machine is off" },
        Cells { tr: "{fresh} güncel, {stale} bayat", en: "{fresh} up to date, {stale} stale" },
        StaleEnd { tr: "{pod} (hazır değil)", en: "{pod} (not ready)" },
        More { tr: "ve {count} düğüm daha: güncel", en: "and {count} more nodes: up to date" },
        Requests { tr: "İstekler", en: "Requests" },
        Client { tr: "İstemci", en: "Client" },
        Share { tr: "Oran", en: "Share" },
        Why { tr: "Neden kayboldu", en: "Why lost" },
        NoRequests { tr: "Henüz istek yok.", en: "There were no requests yet." },
        OpenOne { tr: "Bir servisin uçları ve kuralları için onu açın.", en: "Open a Service for its endpoints and rules." },
    }
}

crate::texts! {
    /// The figures.
    pub enum FigureWords {
        Workloads { tr: "İstenen ve olan", en: "Desired and actual" },
        Workload { tr: "İş yükü", en: "Workload" },
        Desired { tr: "İstenen", en: "Desired" },
        Present { tr: "Var olan", en: "There" },
        Ready { tr: "Hazır", en: "Ready" },
        Available { tr: "Kullanılabilir", en: "Available" },
        NoWorkloads { tr: "Deployment yok.", en: "There are no Deployments." },
        Requests { tr: "İstekler ve süreleri", en: "Requests and their times" },
        Client { tr: "İstemci", en: "Client" },
        Served { tr: "Karşılanan", en: "Served" },
        Lost { tr: "Kaybolan", en: "Lost" },
        Availability { tr: "Erişilebilirlik", en: "Availability" },
        NoRequests { tr: "Henüz istek yok.", en: "There were no requests yet." },
        All { tr: "hepsi", en: "all" },
        Figures { tr: "Küme", en: "Cluster" },
        RaftLeader { tr: "etcd lideri", en: "etcd leader" },
        Leaderless { tr: "lidersiz süre", en: "time without a leader" },
        LeaderlessText { tr: "toplam {total}, {count} kez", en: "{total} in all, {count} times" },
        NoLeaderSince { tr: "{at} anından beri lider yok", en: "no leader since {at}" },
        Elections { tr: "kazanılan seçim", en: "elections won" },
        Pending { tr: "düğüm bekleyen pod", en: "pods waiting for a node" },
        Unready { tr: "hazır olmayan pod", en: "pods not ready" },
        Refused { tr: "reddedilen çağrı", en: "refused calls" },
        Writes { tr: "yazma süresi", en: "time of writes" },
        WriteGap { tr: "iki yazma arasındaki en uzun süre", en: "longest time between two writes" },
        Commands { tr: "süren kubectl komutu", en: "kubectl commands under way" },
        SchedulerQueue { tr: "zamanlayıcının kuyruğu", en: "the scheduler's queue" },
        SchedulerQueueText {
            tr: "sırada {active}, deneniyor {tried}, geri çekilmiş {backoff}, yer bekliyor {parked}",
            en: "next {active}, being tried {tried}, backing off {backoff}, waiting for room {parked}",
        },
        ControllerQueue { tr: "denetleyici kuyrukları", en: "controllers' queues" },
        Queue { tr: "yoldaki ileti ve süreölçer", en: "messages and timers under way" },
        Percentiles { tr: "p50 {half}, p90 {ninety}, p99 {most}", en: "p50 {half}, p90 {ninety}, p99 {most}" },
        None { tr: "yok", en: "none" },
        History { tr: "Zaman içinde", en: "Over time" },
        ReadyPods { tr: "hazır pod", en: "ready pods" },
        DesiredOf { tr: "{name}: istenen", en: "{name}: desired" },
        ReadyOf { tr: "{name}: hazır", en: "{name}: ready" },
        HpaOf { tr: "{name}: HPA'nın istediği", en: "{name}: wanted by HPA" },
        LostRequests { tr: "kaybolan istek", en: "lost requests" },
        AboutPods { tr: "pod, 0 s – {now}", en: "pods, 0 s – {now}" },
        AboutRequests { tr: "istek / {step}, 0 s – {now}", en: "requests / {step}, 0 s – {now}" },
    }
}

crate::texts! {
    /// Causes and differences.
    pub enum WhyWords {
        Nothing {
            tr: "Bununla ilgili bir olay görülmedi. Bir pod, düğüm ya da olay satırı seçip yeniden sorun.",
            en: "Nothing was seen about this. Choose a pod, a node or a line of the log and ask again.",
        },
        Alone {
            tr: "Bunun bilinen bir nedeni yok: hikâye burada başlıyor.",
            en: "No cause of this is known: the story begins here.",
        },
        HowToRead {
            tr: "En üstte sorulan, altında nedeni, onun altında nedenin nedeni durur.",
            en: "What was asked stands on top, its cause below it, and the cause's cause below that.",
        },
        Between { tr: "{left} ile {right} arasında {count} fark", en: "{count} differences between {left} and {right}" },
        Added { tr: "Eklenenler", en: "Added" },
        Removed { tr: "Silinenler", en: "Removed" },
        Changed { tr: "Değişenler", en: "Changed" },
        Same { tr: "Fark yok: iki tarafta aynı nesneler aynı durumda.", en: "No difference: the same objects stand the same on both sides." },
        Object { tr: "Nesne", en: "Object" },
        Field { tr: "Alan", en: "Field" },
        Old { tr: "Eski", en: "Old" },
        New { tr: "Yeni", en: "New" },
        Because { tr: "Neden", en: "Reason" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::assert_complete;

    #[test]
    fn both_languages_are_complete() {
        assert_complete::<MapWords>();
        assert_complete::<ObjectWords>();
        assert_complete::<LogWords>();
        assert_complete::<FieldWords>();
        assert_complete::<NetWords>();
        assert_complete::<FigureWords>();
        assert_complete::<WhyWords>();
    }
}
