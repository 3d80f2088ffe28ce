//! Words of the views that show how the cluster works inside: messages, Raft, the scheduler, API
//! requests.
//!
//! Kinds, fields, plugins and status words stay English in both languages.

use crate::texts::Pair;

/// The messages' name.
pub const MESSAGES: Pair = Pair { tr: "Mesaj", en: "Messages" };
/// Raft's name.
pub const RAFT: Pair = Pair { tr: "Raft", en: "Raft" };
/// The scheduler's name.
pub const SCHEDULER: Pair = Pair { tr: "Zamanlayıcı", en: "Scheduler" };
/// The requests' name.
pub const REQUEST: Pair = Pair { tr: "İstek", en: "Request" };

crate::texts! {
    /// The messages.
    pub enum MessageWords {
        HowToRead {
            tr: "Her sütun bir süreç, her ok bir iletidir; zaman yukarıdan aşağıya akar. Okun yanında iletinin adı ve yolda geçen süre durur; ✖ kaybolan iletidir. Bir ileti seçilince nedenleri ve sonuçları vurgulanır.",
            en: "A column is a process, an arrow a message; time runs from top to bottom. Beside the arrow stand the message's name and its time on the way; ✖ marks a lost one. The causes and consequences of the chosen message are highlighted.",
        },
        Shown {
            tr: "son {count} ileti, {lost} tanesi kayıp",
            en: "the last {count} messages, {lost} of them lost",
        },
        Hidden {
            tr: "Aynı sürede burada sütunu olmayan süreçler arasında {count} ileti daha var; süzgece (/) bir süreç adı ya da kayıp yazınca yalnızca onlar gelir.",
            en: "In the same time, {count} more messages ran between processes without a column here; type a process' name, or lost, into the filter (/) to see only those.",
        },
        Nothing { tr: "Henüz hiç ileti yok.", en: "There are no messages yet." },
        Brief {
            tr: "Bu koşuda iletiler tek tek saklanmıyor: büyük kümeler yalnızca özet olarak gözlenir.",
            en: "The messages of this run are not kept one by one: large clusters are observed in brief only.",
        },
        NothingFits { tr: "Şu süzgece uyan ileti yok: {filter}", en: "No message fits the filter: {filter}" },
        LocalOne { tr: "yerel olay ({word})", en: "local event ({word})" },
        Locals { tr: "{count} yerel olay", en: "{count} local events" },
        Message { tr: "ileti", en: "message" },
        Lost { tr: "kayıp", en: "lost" },
        From { tr: "gönderen", en: "from" },
        To { tr: "alıcı", en: "to" },
        Word { tr: "ileti adı", en: "name" },
        About { tr: "konusu", en: "about" },
        Sent { tr: "gönderildi", en: "sent" },
        Arrived { tr: "ulaştı", en: "arrived" },
        LostAt { tr: "kayboldu", en: "lost at" },
        Took { tr: "yolda", en: "on the way" },
        State { tr: "durum", en: "state" },
        Delivered { tr: "ulaştı", en: "delivered" },
        Local { tr: "yerel olay (kendine kurduğu süreölçer)", en: "local event (a timer it set for itself)" },
        Dead { tr: "kayboldu: alıcı o sırada çalışmıyordu", en: "lost: its receiver was not running" },
        Cut { tr: "kayboldu: ağ bölünmesi yolu kesti", en: "lost: a partition cut the way" },
        Lossy { tr: "kayboldu: bağlantı yitirdi", en: "lost: the link dropped it" },
        Event { tr: "olay numarası", en: "event number" },
        Causes { tr: "Nedenleri", en: "Its causes" },
        NoCause {
            tr: "Nedeni bilinmiyor: ya koşunun başından gelir ya da son iletiler arasında artık yok.",
            en: "Its cause is unknown: it comes from the beginning of the run, or is no longer among the last messages.",
        },
        Consequences { tr: "Neye yol açtı?", en: "What came of it?" },
        NoConsequences { tr: "Şimdiye kadar hiçbir iletiye yol açmadı.", en: "No message came of it so far." },
        Gone { tr: "Bu ileti artık saklanmıyor; yalnızca son iletiler durur.", en: "This message is no longer kept; only the last ones are." },
        ItsCall { tr: "Bu ileti bir API isteğiydi", en: "This message was an API request" },
        At { tr: "Zaman", en: "Time" },
        Route { tr: "Kimden → kime", en: "From → to" },
    }
}

crate::texts! {
    /// Raft.
    pub enum RaftWords {
        HowToRead {
            tr: "Lider girdiyi günlüğüne yazar ve kopyalar; üyelerin çoğunluğunun diskindeki girdi kesinleşir, sonra işlenir. Seçim sayacı dolan takipçi aday olur; liderden gelen her yaşam sinyali sayacı sıfırlar.",
            en: "The leader writes an entry into its log and replicates it; an entry on the disks of a majority is committed, then applied. A follower whose election clock runs out becomes a candidate; every heartbeat of the leader sets the clock back.",
        },
        Title { tr: "{leader} lider, dönem {term}", en: "{leader} leads, term {term}" },
        NoLeader { tr: "lider yok", en: "no leader" },
        LeaderlessFor {
            tr: "{at} anından beri lidersiz ({span}); bu sürede hiçbir yazma kesinleşmez",
            en: "without a leader since {at} ({span}); nothing is committed meanwhile",
        },
        Member { tr: "Üye", en: "Member" },
        State { tr: "Durum", en: "State" },
        Term { tr: "Dönem", en: "Term" },
        Vote { tr: "Oyu", en: "Vote" },
        Clock { tr: "Seçim sayacı", en: "Election clock" },
        Last { tr: "Günlük sonu", en: "Log end" },
        Commit { tr: "Kesin", en: "Commit" },
        Applied { tr: "İşlenen", en: "Applied" },
        Stable { tr: "Diskte", en: "On disk" },
        Leader { tr: "lider", en: "leader" },
        OldLeader { tr: "eski lider", en: "former leader" },
        Candidate { tr: "aday", en: "candidate" },
        PreCandidate { tr: "ön aday", en: "pre-candidate" },
        Follower { tr: "takipçi", en: "follower" },
        Crashed { tr: "çöktü", en: "crashed" },
        Paused { tr: "donduruldu", en: "frozen" },
        PausedLeader { tr: "donduruldu (lider olduğunu sanıyor)", en: "frozen (believes it leads)" },
        TicksShort { tr: "{elapsed}/{timeout}", en: "{elapsed}/{timeout}" },
        Ticks { tr: "{elapsed}/{timeout} tik", en: "{elapsed}/{timeout} ticks" },
        LastText { tr: "{index} (d{term})", en: "{index} (t{term})" },
        NoMembers { tr: "Bu kümede etcd yok.", en: "This cluster has no etcd." },
        Progress { tr: "{leader} adlı lidere göre üyeler", en: "The members as {leader}, the leader, knows them" },
        Mode { tr: "Kip", en: "Mode" },
        Match { tr: "match", en: "match" },
        Next { tr: "next", en: "next" },
        Behind { tr: "Geride", en: "Behind" },
        Inflight { tr: "Yolda", en: "In flight" },
        Heard { tr: "Sesi", en: "Heard" },
        Active { tr: "geliyor", en: "answers" },
        Silent { tr: "yok", en: "silent" },
        Itself { tr: "kendisi", en: "itself" },
        Log { tr: "Günlüğün son girdileri (sayı: girdinin dönemi)", en: "The last log entries (the number: an entry's term)" },
        Index { tr: "Sıra", en: "Index" },
        EntryApplied { tr: "işlendi", en: "applied" },
        EntryCommitted { tr: "kesin", en: "committed" },
        EntryStable { tr: "diskte", en: "on disk" },
        EntryVolatile { tr: "bellekte", en: "in memory" },
        EntryOther { tr: "çelişiyor", en: "conflicts" },
        EntryMissing { tr: "yok", en: "missing" },
        EntryCompacted { tr: "özette", en: "in snapshot" },
        NoEntries { tr: "Günlük boş.", en: "The log is empty." },
        Votes {
            tr: "{member} adlı adayın oyları: {count} / {majority} gereken (dönem {term})",
            en: "Votes for {member}: {count} of {majority} needed (term {term})",
        },
        PreVotes {
            tr: "{member} adlı ön adayın yoklaması: {count} / {majority} gereken (dönem {term} bitmedi)",
            en: "Pre-votes for {member}: {count} of {majority} needed (still term {term})",
        },
        Answer { tr: "Yanıt", en: "Answer" },
        Granted { tr: "verdi", en: "granted" },
        Refused { tr: "vermedi", en: "refused" },
        Awaited { tr: "bekleniyor", en: "awaited" },
        Elections { tr: "kazanılan seçim", en: "elections won" },
        LeaderlessTotal { tr: "geçmişte lidersiz kalınan süre", en: "time without a leader so far" },
        LeaderlessText { tr: "{total}, {count} kez", en: "{total}, {count} times" },
        Majority { tr: "yeter çoğunluk", en: "quorum" },
        MajorityText {
            tr: "gereken: {majority} / {voters} üye; çalışan: {alive}",
            en: "needed: {majority} of {voters} members; up: {alive}",
        },
        MajorityLost { tr: "{text}: çoğunluk yok, yazma olmaz", en: "{text}: no quorum, no writes" },
    }
}

crate::texts! {
    /// The scheduler.
    pub enum SchedulerWords {
        HowToRead {
            tr: "Zamanlayıcı önce eler (Filter): podun sığmadığı ya da giremediği düğümler düşer. Sonra kalanları puanlar (Score); ağırlıklar sayılara katılmıştır. En yüksek toplam kazanır, eşitlikte kura çekilir.",
            en: "The scheduler filters first: nodes where the pod does not fit or may not go drop out. Then it scores the rest; the weights are in the numbers. The highest total wins, a tie is decided by lot.",
        },
        Queue { tr: "kuyruk", en: "queue" },
        QueueText {
            tr: "{active} sırada, {tried} deneniyor, {backoff} geri çekilmede, {parked} bir değişikliği bekliyor",
            en: "{active} waiting, {tried} being tried, {backoff} backing off, {parked} waiting for a change",
        },
        Leads { tr: "etkin zamanlayıcı", en: "active scheduler" },
        NoLeader { tr: "etkin zamanlayıcı yok: yeni podlar bekler", en: "no active scheduler: new pods wait" },
        Decisions { tr: "Son kararlar", en: "Last decisions" },
        Time { tr: "Zaman", en: "Time" },
        Pod { tr: "Pod", en: "Pod" },
        Outcome { tr: "Karar", en: "Decision" },
        Filtered { tr: "Elenen", en: "Filtered" },
        Scored { tr: "Puanlanan", en: "Scored" },
        NoPlace { tr: "yer yok", en: "no place" },
        NoDecisions {
            tr: "Henüz karar yok. (Büyük kümeler özet olarak gözlenir; kararlar saklanmaz.)",
            en: "No decision yet. (Large clusters are observed in brief; decisions are not kept.)",
        },
        NothingFits { tr: "Şu süzgece uyan karar yok: {filter}", en: "No decision fits the filter: {filter}" },
        DecisionOn { tr: "{pod} adlı pod için karar", en: "The decision on {pod}" },
        Node { tr: "Düğüm", en: "Node" },
        Verdict { tr: "Sonuç", en: "Verdict" },
        Chosen { tr: "seçildi", en: "chosen" },
        Suitable { tr: "uygun", en: "suitable" },
        Out { tr: "elendi", en: "filtered" },
        Total { tr: "Toplam", en: "Total" },
        Why { tr: "Eleyen ve nedeni", en: "Filtered by, and why" },
        Scores { tr: "Puanlar ya da eleme nedeni", en: "Scores, or why it was filtered" },
        OnlyOne {
            tr: "kalan tek düğüm; puanlamaya gerek kalmadı",
            en: "the only node left; no scoring was needed",
        },
        More { tr: "… ve {count} düğüm daha", en: "… and {count} more nodes" },
        NoNodes { tr: "Hiçbir düğüme bakılmadı.", en: "No node was looked at." },
    }
}

crate::texts! {
    /// The requests.
    pub enum RequestWords {
        HowToRead {
            tr: "API sunucusuna gelen her istek aynı yolu izler: kim? izinli mi? sırası geldi mi? kurallara uygun mu? nesne geçerli mi? Ancak sonra etcd'ye ulaşır. Enter bir isteğin aşamalarını açar.",
            en: "Every request to the API server goes the same way: who? allowed? its turn? within the rules? a valid object? Only then does it reach etcd. Enter opens the stages of a request.",
        },
        Shown { tr: "{shown} istek gösteriliyor", en: "{shown} requests shown" },
        Time { tr: "Zaman", en: "Time" },
        User { tr: "Kullanıcı", en: "User" },
        Verb { tr: "Fiil", en: "Verb" },
        Kind { tr: "Tür", en: "Kind" },
        Object { tr: "Nesne", en: "Object" },
        All { tr: "(hepsi)", en: "(all)" },
        Outcome { tr: "Sonuç", en: "Outcome" },
        Took { tr: "Süre", en: "Took" },
        Fine { tr: "tamam", en: "done" },
        Refused { tr: "{code} {reason}", en: "{code} {reason}" },
        NoCalls {
            tr: "Saklanan istek yok. (Büyük kümeler özet olarak gözlenir; istekler saklanmaz.)",
            en: "No request is kept. (Large clusters are observed in brief; requests are not kept.)",
        },
        NothingFits { tr: "Şu süzgece uyan istek yok: {filter}", en: "No request fits the filter: {filter}" },
        Gone { tr: "Bu istek artık saklanmıyor; yalnızca son istekler durur.", en: "This request is no longer kept; only the last ones are." },
        Server { tr: "API sunucusu", en: "API server" },
        Arrived { tr: "geldi", en: "arrived" },
        Answered { tr: "yanıtlandı", en: "answered" },
        Version { tr: "yeni resourceVersion", en: "new resourceVersion" },
        Said { tr: "sunucunun sözü", en: "the server said" },
        Stages { tr: "Aşamalar", en: "Stages" },
        Stage { tr: "Aşama", en: "Stage" },
        Does { tr: "Ne yapar?", en: "What it does" },
        Verdict { tr: "Sonuç", en: "Verdict" },
        Passed { tr: "geçti", en: "passed" },
        RefusedHere { tr: "burada reddedildi", en: "refused here" },
        NotReached { tr: "ulaşmadı", en: "not reached" },
        NotNeeded { tr: "gerekmedi", en: "not needed" },
        FromCache { tr: "önbellekten", en: "from the cache" },
        Authenticate { tr: "kimlik doğrulama", en: "authentication" },
        AuthenticateDoes { tr: "İsteği kimin gönderdiğini belirler.", en: "Finds out who sends the request." },
        Authorize { tr: "yetkilendirme", en: "authorization" },
        AuthorizeDoes { tr: "Bunu yapmaya izni var mı, bakar.", en: "Checks whether the sender may do this." },
        Queue { tr: "kuyruk", en: "queue" },
        QueueDoes { tr: "Sunucu doluysa istek sırasını bekler.", en: "Waits for its turn when the server is busy." },
        Admission { tr: "giriş denetimi", en: "admission" },
        AdmissionDoes { tr: "Nesneyi tamamlar ya da geri çevirir; okumalar uğramaz.", en: "Completes the object or turns it away; reads pass by." },
        Validation { tr: "geçerlilik", en: "validation" },
        ValidationDoes { tr: "Nesnenin alanlarını denetler; okumalar uğramaz.", en: "Checks the object's fields; reads pass by." },
        Storage { tr: "depo (etcd)", en: "storage (etcd)" },
        StorageDoes { tr: "etcd'den okur ya da oraya yazar, sürümü karşılaştırır.", en: "Reads from etcd or writes to it, and compares the version." },
        Further { tr: "İlgili", en: "Related" },
        ItsMessage { tr: "isteği getiren ileti", en: "the message that brought the request" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::assert_complete;

    #[test]
    fn both_languages_are_complete() {
        assert_complete::<MessageWords>();
        assert_complete::<RaftWords>();
        assert_complete::<SchedulerWords>();
        assert_complete::<RequestWords>();
    }
}
