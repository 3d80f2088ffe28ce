//! The words of the verdict, of expectations, of replays, sweeps and explanations.

crate::texts! {
    /// The end of a run.
    pub enum Verdict {
        Scenario { tr: "senaryo: {title}", en: "scenario: {title}" },
        Stage {
            tr: "Kubernetes {version} · {planes} kontrol düzlemi düğümü · {etcd} etcd üyesi · {nodes} işçi düğüm · tohum {seed}",
            en: "Kubernetes {version} · {planes} control plane machine(s) · {etcd} etcd member(s) · {nodes} worker node(s) · seed {seed}",
        },
        Passed { tr: "Sonuç: {held}/{all} beklenti tuttu", en: "Verdict: {held}/{all} expectations held" },
        Failed { tr: "Sonuç: {held}/{all} beklenti tuttu, {broken} tutmadı", en: "Verdict: {held}/{all} expectations held, {broken} did not" },
        Nothing { tr: "Sonuç: hiçbir beklenti yazılmamış", en: "Verdict: no expectations were written" },
        Broken { tr: "Sonuç: Prova'nın {count} değişmezi bozuldu", en: "Verdict: {count} of Prova's invariants were broken" },
        Held { tr: "tuttu:", en: "held:" },
        NotHeld { tr: "tutmadı:", en: "failed:" },
        Expected { tr: "beklenen", en: "expected" },
        Seen { tr: "görülen", en: "seen" },
        SeenAt { tr: "{seen} ({at} anında)", en: "{seen} (at {at})" },
        Cause { tr: "en yakın neden", en: "nearest cause" },
        CauseAt { tr: "{at} anında {cause}", en: "at {at}: {cause}" },
        AskWhy { tr: "ayrıntısı", en: "more" },
        Counts { tr: "Sayılar", en: "Counts" },
        VirtualTime { tr: "sanal süre", en: "virtual time" },
        Delivered { tr: "iletilen olay", en: "events delivered" },
        Pods { tr: "pod", en: "pods" },
        PodsText {
            tr: "{created} yaratıldı, {deleted} silindi, sonda {ready}/{now} hazır",
            en: "{created} created, {deleted} deleted, {ready}/{now} ready at the end",
        },
        Writes { tr: "etcd", en: "etcd" },
        WritesText {
            tr: "{revisions} yazma, {elections} seçim, lidersiz geçen süre {leaderless}",
            en: "{revisions} writes, {elections} election(s), {leaderless} without a leader",
        },
        Requests { tr: "istekler ({service})", en: "requests ({service})" },
        RequestsText {
            tr: "{served} karşılandı, {lost} yitti, erişilebilirlik {percent}",
            en: "{served} served, {lost} lost, availability {percent}",
        },
        Percent { tr: "%{number}", en: "{number} %" },
        Bookmarks { tr: "Yer imleri", en: "Bookmarks" },
        NotReached { tr: "ulaşılmadı", en: "not reached" },
        Digest { tr: "damga", en: "digest" },
        Again { tr: "aynı koşu", en: "same run" },
        NotReady { tr: "Sonda hazır olmayan podlar", en: "Pods that are not ready at the end" },
    }
}

crate::texts! {
    /// What an expectation demands.
    pub enum Demands {
        Always { tr: "her an: {that}{window}", en: "at every moment: {that}{window}" },
        Never { tr: "hiçbir an: {that}{window}", en: "at no moment: {that}{window}" },
        Eventually { tr: "er geç: {that}{window}", en: "at some moment: {that}{window}" },
        Settles { tr: "kalıcı olarak: {that}{window}", en: "for good: {that}{window}" },
        Before { tr: "önce {first}, sonra {then}", en: "first {first}, then {then}" },
        Count { tr: "{event} sayısı {bounds}{window}", en: "number of {event} {bounds}{window}" },
        Requests { tr: "istekler: {bounds}{window}", en: "requests: {bounds}{window}" },
        RequestsOf { tr: "{traffic} adlı istemcinin istekleri: {bounds}{window}", en: "requests of client {traffic}: {bounds}{window}" },
        From { tr: " ({from} anından sonra)", en: " (after {from})" },
        Until { tr: " ({until} anına kadar)", en: " (until {until})" },
        Between { tr: " ({from} ile {until} arasında)", en: " (between {from} and {until})" },
        Ready { tr: "{object} hazır", en: "{object} ready" },
        ReadyCount { tr: "{object} en az {count} kopyayla hazır", en: "{object} ready with at least {count}" },
        Available { tr: "{object} kullanılabilir", en: "{object} available" },
        AvailableCount { tr: "{object} en az {count} kopyayla kullanılabilir", en: "{object} available with at least {count}" },
        RolledOut { tr: "{object} bütünüyle güncellenmiş", en: "{object} rolled out" },
        Pods { tr: "pod sayısı {bounds}: {which}", en: "number of pods {bounds}: {which}" },
        PodsAll { tr: "pod sayısı {bounds}", en: "number of pods {bounds}" },
        Condition { tr: "{object}: {kind}={is}", en: "{object}: {kind}={is}" },
        Exists { tr: "{object} var", en: "{object} exists" },
        Endpoints { tr: "{service} servisinin hazır uç sayısı {bounds}", en: "ready endpoints of service {service} {bounds}" },
        Leader { tr: "{group} içinde tek bir lider var", en: "exactly one leader of {group}" },
        Tainted { tr: "{node} düğümünde {taint} lekesi var", en: "node {node} has the taint {taint}" },
        Cordoned { tr: "{node} düğümü yerleşime kapalı", en: "node {node} is cordoned" },
        Event { tr: "{what} olayı", en: "an Event {what}" },
        AnyEvent { tr: "herhangi bir olay", en: "any Event" },
        Field { tr: "{object}: {path} = {is}", en: "{object}: {path} = {is}" },
        Not { tr: "değil: ({that})", en: "not ({that})" },
        And { tr: "{one} ve {two}", en: "{one} and {two}" },
        Or { tr: "{one} ya da {two}", en: "{one} or {two}" },
        AtLeast { tr: "en az {count}", en: "at least {count}" },
        AtMost { tr: "en çok {count}", en: "at most {count}" },
        Exactly { tr: "tam {count}", en: "exactly {count}" },
        LostAtMost { tr: "en çok {count} kayıp", en: "at most {count} lost" },
        LostAtLeast { tr: "en az {count} kayıp", en: "at least {count} lost" },
        AvailabilityAtLeast { tr: "erişilebilirlik en az {percent}", en: "availability at least {percent}" },
        Latency { tr: "yanıtların yüzde 99'u en geç {span} içinde", en: "99 of 100 answers within {span}" },
        Any { tr: "olsun", en: "any" },
    }
}

crate::texts! {
    /// What was seen instead of what was expected; the laboratory says it in a few English words.
    pub enum Sights {
        Seen { tr: "görüldü", en: "seen" },
        NotSeen { tr: "görülmedi", en: "not seen" },
        Missing { tr: "öyle bir nesne yok", en: "there is no such object" },
        Exists { tr: "nesne var", en: "the object exists" },
        Ready { tr: "hazır olan {have}, istenen {wanted}", en: "{have} ready of {wanted}" },
        Available { tr: "kullanılabilir olan {have}, istenen {wanted}", en: "{have} available of {wanted}" },
        Endpoints { tr: "{count} hazır uç", en: "{count} ready endpoint(s)" },
        NoTaints { tr: "leke yok", en: "no taints" },
        Taints { tr: "lekeler: {names}", en: "taints: {names}" },
        Pods { tr: "{count} pod", en: "{count} pod(s)" },
        Events { tr: "{count} olay", en: "{count} Event(s)" },
        NoLeader { tr: "lider yok", en: "no leader" },
        Order { tr: "ilki {first}, ikincisi {then}", en: "the first one: {first}, the second one: {then}" },
        NeverCame { tr: "hiç olmadı", en: "never" },
        Requests {
            tr: "{served} istek karşılandı, {lost} istek yitti; yanıtların yüzde 99'u en geç {latency}",
            en: "{served} requests served, {lost} lost; 99 of 100 answers within {latency}",
        },
    }
}

crate::texts! {
    /// Replays.
    pub enum Replays {
        Same {
            tr: "aynı: {count} damganın tümü eşleşti ({end} sanal süre, damga {digest})",
            en: "the same: all {count} digests match ({end} of virtual time, digest {digest})",
        },
        Differs { tr: "farklı: koşu kayıttan ayrıldı", en: "different: the run left the recording" },
        Between {
            tr: "{after} anında hâlâ aynıydı, {at} anında farklı",
            en: "still equal at {after}, different at {at}",
        },
        Recorded { tr: "kayıtta", en: "recorded" },
        Found { tr: "şimdi", en: "now" },
        Checkpoint { tr: "{digest}, {delivered} olay", en: "{digest}, {delivered} events" },
        FirstLine { tr: "ayrılan ilk olay", en: "first event that differs" },
        Missing { tr: "(yok)", en: "(nothing)" },
        OtherVersion {
            tr: "kayıt Prova {recorded} ile yazılmış, bu Prova {now}; fark bundan olabilir",
            en: "the recording was written by Prova {recorded}, this is {now}; that may be the reason",
        },
    }
}

crate::texts! {
    /// Sweeps.
    pub enum Sweeps {
        Title { tr: "{count} tohum: {first} – {last}", en: "{count} seeds: {first} – {last}" },
        AllHeld { tr: "bütün tohumlarda bütün beklentiler tuttu", en: "every expectation held with every seed" },
        BrokenSeeds { tr: "{count} tohumda beklenti tutmadı", en: "an expectation failed with {count} seed(s)" },
        BrokenOne { tr: "{count} tohumda tutmadı: {what}", en: "failed with {count} seed(s): {what}" },
        Violations { tr: "{count} tohumda Prova'nın değişmezleri bozuldu: {seeds}", en: "Prova's invariants broke with {count} seed(s): {seeds}" },
        Seeds { tr: "tohumlar: {seeds}", en: "seeds: {seeds}" },
        Look { tr: "birine bakın: {command}", en: "look at one: {command}" },
        NoValues { tr: "hiçbir koşuda ölçülemedi", en: "no run gave a value" },
        Median { tr: "ortanca", en: "median" },
        Mean { tr: "ortalama", en: "mean" },
        Count { tr: "n", en: "n" },
        Smallest { tr: "en az", en: "min" },
        Greatest { tr: "en çok", en: "max" },
        MeasureLeaderless { tr: "etcd'nin lidersiz kaldığı her süre", en: "every stretch without an etcd leader" },
        MeasureWriteGap { tr: "iki yazma arasındaki en uzun süre", en: "longest time between two writes" },
        MeasureRecovery {
            tr: "ilk arızadan, bütün podların yeniden hazır olmasına kadar",
            en: "from the first fault until every pod is ready again",
        },
        MeasureLost { tr: "yitirilen istekler", en: "requests lost" },
        MeasureServed { tr: "karşılanan istekler", en: "requests served" },
        MeasurePending { tr: "sonda Pending olan podlar", en: "pods that are Pending at the end" },
        MeasureCreated { tr: "yaratılan podlar", en: "pods created" },
        MeasureElections { tr: "kazanılan Raft seçimleri", en: "Raft elections won" },
        MeasureEvents { tr: "iletilen olaylar", en: "events delivered" },
    }
}

crate::texts! {
    /// Explanations.
    pub enum Explains {
        State { tr: "{object}, {at} anında:", en: "{object} at {at}:" },
        Why { tr: "Neden?", en: "Why?" },
        Because { tr: "çünkü", en: "because" },
        Beside { tr: "ayrıca", en: "besides" },
        NoCause { tr: "bu nesneyle ilgili bir olay görülmedi", en: "nothing was seen about this object" },
        Others { tr: "aynı adla başlayan başkaları da var: {names}", en: "others begin with the same name: {names}" },
        Gone { tr: "bu anda artık yok (ya da henüz yok)", en: "does not exist (any more, or yet)" },
        Phase { tr: "aşama", en: "phase" },
        Node { tr: "düğüm", en: "node" },
        Conditions { tr: "koşullar", en: "conditions" },
        Containers { tr: "konteynerler", en: "containers" },
        Restarts { tr: "{name}: {state}, {count} kez yeniden başladı", en: "{name}: {state}, restarted {count} times" },
        Replicas { tr: "kopyalar", en: "replicas" },
        ReplicasText {
            tr: "istenen {wanted}, var olan {have}, hazır {ready}, kullanılabilir {available}",
            en: "wanted {wanted}, there {have}, ready {ready}, available {available}",
        },
        Taints { tr: "lekeler", en: "taints" },
        Endpoints { tr: "hazır uçlar", en: "ready endpoints" },
        DeletionMark { tr: "silinmek üzere işaretli", en: "marked for deletion" },
        None { tr: "yok", en: "none" },
        Waiting { tr: "bekliyor ({why})", en: "waiting ({why})" },
        Running { tr: "çalışıyor", en: "running" },
        Ended { tr: "bitti ({why})", en: "ended ({why})" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::assert_complete;

    #[test]
    fn both_languages_are_complete() {
        assert_complete::<Verdict>();
        assert_complete::<Demands>();
        assert_complete::<Sights>();
        assert_complete::<Replays>();
        assert_complete::<Sweeps>();
        assert_complete::<Explains>();
    }
}
