//! What the narrator says while a run plays: one sentence per entry.
//!
//! Names stand in holes and are never inflected: the suffix hangs on the noun behind them
//! (`{pod} adlı pod`, `{node} düğümünde`). Kubernetes' own words stay English.

crate::texts! {
    /// Faults and steps.
    pub enum Faults {
        Crash { tr: "arıza: {target} çöktü", en: "fault: {target} crashed" },
        Recover { tr: "{target} yeniden başlatıldı", en: "{target} was started again" },
        Pause { tr: "arıza: {target} donduruldu", en: "fault: {target} was frozen" },
        Resume { tr: "{target} çözüldü, işine devam ediyor", en: "{target} goes on" },
        Partition { tr: "arıza: ağ bölündü: {target}", en: "fault: the network is partitioned: {target}" },
        Heal { tr: "arıza bitti: {target}", en: "healed: {target}" },
        HealAll { tr: "ağdaki bütün arızalar giderildi", en: "every fault of the network is healed" },
        SlowLink { tr: "arıza: ağ yavaşladı: {target}", en: "fault: the network is slow: {target}" },
        SlowDisk { tr: "arıza: disk yavaşladı: {target}", en: "fault: a disk is slow: {target}" },
        FastDisk { tr: "disk yine eski hızında: {target}", en: "the disk is as fast as before: {target}" },
        PullFailure {
            tr: "arıza: {target} imajı çekilemiyor",
            en: "fault: image {target} cannot be pulled",
        },
        ContainerCrash { tr: "arıza: konteyner çöküyor: {target}", en: "fault: a container crashes: {target}" },
        Hang { tr: "arıza: program yanıt vermiyor: {target}", en: "fault: the program hangs: {target}" },
        NotReady { tr: "arıza: program hazır değilim diyor: {target}", en: "fault: the program says it is not ready: {target}" },
        SlowApp { tr: "arıza: program yavaşladı: {target}", en: "fault: the program is slow: {target}" },
        LoadChange { tr: "yük değişti: {target} adlı istemci", en: "the load changed: client {target}" },
        Other { tr: "{name}: {target}", en: "{name}: {target}" },
        Node { tr: "{name} adlı düğüm", en: "node {name}" },
        Zone { tr: "{name} bölgesi", en: "zone {name}" },
        ControlPlane { tr: "cp-{name} adlı kontrol düzlemi düğümü", en: "control plane cp-{name}" },
        Etcd { tr: "etcd-{name} adlı üye", en: "member etcd-{name}" },
        Apiserver { tr: "apiserver-{name} adlı API sunucusu", en: "API server apiserver-{name}" },
        Scheduler { tr: "scheduler-{name} adlı zamanlayıcı", en: "scheduler scheduler-{name}" },
        Controllers {
            tr: "controller-manager-{name} adlı denetleyici yöneticisi",
            en: "controller manager controller-manager-{name}",
        },
        Kubelet { tr: "{name} düğümündeki kubelet", en: "the kubelet of {name}" },
        Runtime { tr: "{name} düğümündeki konteyner çalışma zamanı", en: "the container runtime of {name}" },
        Proxy { tr: "{name} düğümündeki kube-proxy", en: "the kube-proxy of {name}" },
        Leader { tr: "{name} lideri", en: "the leader of {name}" },
        HostOf { tr: "{name} nesnesinin bulunduğu düğüm", en: "the machine under {name}" },
        Outside { tr: "kümenin dışı", en: "the world outside" },
    }
}

crate::texts! {
    /// Everything else that happens.
    pub enum Narration {
        Bookmark { tr: "yer imi: {name}", en: "bookmark: {name}" },
        Booted {
            tr: "küme ayakta: {planes} kontrol düzlemi düğümü, {etcd} etcd üyesi, {nodes} işçi düğüm",
            en: "the cluster is up: {planes} control plane machine(s), {etcd} etcd member(s), {nodes} worker node(s)",
        },
        NodesReady { tr: "{count} düğüm hazır: {names}", en: "{count} nodes ready: {names}" },
        NodeReady { tr: "{node} adlı düğüm hazır", en: "node {node} is ready" },
        NodeNotReady {
            tr: "{node} adlı düğüm hazır değil: Ready={status} ({reason})",
            en: "node {node} is not ready: Ready={status} ({reason})",
        },
        NodeTainted { tr: "{node} adlı düğüme leke kondu: {taints}", en: "node {node} was tainted: {taints}" },
        NodeUntainted { tr: "{node} adlı düğümden leke kalktı: {taints}", en: "node {node} lost the taint: {taints}" },
        NodeCordoned { tr: "{node} adlı düğüm yerleşime kapatıldı", en: "node {node} was cordoned" },
        NodeUncordoned { tr: "{node} adlı düğüm yerleşime açıldı", en: "node {node} was uncordoned" },
        Command { tr: "{command}", en: "{command}" },
        Answer { tr: "yanıt: {answer}", en: "answer: {answer}" },
        CommandFailed { tr: "komut başarısız: {command}: {error}", en: "the command failed: {command}: {error}" },
        Candidate {
            tr: "{member} adlı üye aday oldu (dönem {term})",
            en: "{member} became a candidate (term {term})",
        },
        Elected {
            tr: "{member} adlı üye etcd lideri seçildi (dönem {term})",
            en: "{member} was elected leader of etcd (term {term})",
        },
        RaftRole {
            tr: "{member} adlı üye artık {role} (dönem {term})",
            en: "{member} is now {role} (term {term})",
        },
        Leading { tr: "{lease}: {identity} lider oldu", en: "{lease}: {identity} leads" },
        LeadingLost { tr: "{lease}: {identity} liderliği bıraktı", en: "{lease}: {identity} leads no more" },
        PodsCreated { tr: "{workload}: {count} pod yaratıldı", en: "{workload}: {count} pod(s) created" },
        PodsReady { tr: "{workload}: {count} pod hazır ({nodes})", en: "{workload}: {count} pod(s) ready ({nodes})" },
        LastAt { tr: "{text}; sonuncusu {at}", en: "{text}; the last one at {at}" },
        PodsUnready {
            tr: "{workload}: {count} pod artık hazır sayılmıyor ({nodes})",
            en: "{workload}: {count} pod(s) no longer ready ({nodes})",
        },
        PodsTerminating {
            tr: "{workload}: {count} pod siliniyor ({nodes})",
            en: "{workload}: {count} pod(s) terminating ({nodes})",
        },
        PodsDeleted { tr: "{workload}: {count} pod silindi", en: "{workload}: {count} pod(s) deleted" },
        PodsRestarted {
            tr: "{workload}: {count} podda konteyner yeniden başladı",
            en: "{workload}: containers restarted in {count} pod(s)",
        },
        PodsFailed { tr: "{workload}: {count} pod bitti: {phase}", en: "{workload}: {count} pod(s) ended: {phase}" },
        PodsUnschedulable {
            tr: "{workload}: {count} pod yerleştirilemiyor: {message}",
            en: "{workload}: {count} pod(s) cannot be scheduled: {message}",
        },
        Scaled {
            tr: "{object}: istenen kopya sayısı {from} → {to}",
            en: "{object}: wanted replicas {from} → {to}",
        },
        NewTemplate { tr: "{object}: yeni pod şablonu ({images})", en: "{object}: new pod template ({images})" },
        Rollout {
            tr: "{object}: {wanted} kopyadan {updated} yeni, {available} kullanılabilir",
            en: "{object}: of {wanted} replicas {updated} updated, {available} available",
        },
        EndpointsChanged {
            tr: "{service} servisinin hazır uçları {from} → {to}",
            en: "ready endpoints of service {service} {from} → {to}",
        },
        WithRules { tr: "{text}; kube-proxy kuralları {count} düğümde yenilendi", en: "{text}; kube-proxy rules written on {count} node(s)" },
        ProxyRules {
            tr: "kube-proxy kuralları yenilendi: {count} düğüm ({services})",
            en: "kube-proxy rules written on {count} node(s) ({services})",
        },
        RequestsLost {
            tr: "{service} servisine giden istekler yitiyor ({why})",
            en: "requests to service {service} are being lost ({why})",
        },
        RequestsLostAgain {
            tr: "{service} servisinde kayıplar yineliyor: {times} kez, {count} istek ({from} ile {to} arası)",
            en: "service {service} keeps losing requests: {times} times, {count} requests (between {from} and {to})",
        },
        RequestsStillLost {
            tr: "{service} servisi koşunun sonunda hâlâ istek yitiriyor; {count} istek yitti ({from} anından beri)",
            en: "service {service} still loses requests at the end of the run; {count} were lost (since {from})",
        },
        Evicted {
            tr: "tolerans süresi doldu, podlar tahliye ediliyor (TaintManagerEviction): {workloads}",
            en: "the toleration has run out, pods are evicted (TaintManagerEviction): {workloads}",
        },
        RequestsServed {
            tr: "{service} servisi yine eksiksiz yanıt veriyor; {count} istek yitti ({from} ile {to} arası)",
            en: "service {service} answers every request again; {count} were lost (between {from} and {to})",
        },
        EventTold { tr: "{object}: {reason}: {message}", en: "{object}: {reason}: {message}" },
        EventMany {
            tr: "{object}: {reason} ({count} kez): {message}",
            en: "{object}: {reason} ({count} times): {message}",
        },
        PodBound { tr: "{object}: {node} düğümüne bağlandı", en: "{object}: bound to node {node}" },
        PodPhase { tr: "{object}: {from} → {to}", en: "{object}: {from} → {to}" },
        PodReady { tr: "{object}: hazır ({node})", en: "{object}: ready ({node})" },
        PodUnready { tr: "{object}: artık hazır değil ({node})", en: "{object}: no longer ready ({node})" },
        PodUnschedulable { tr: "{object}: yerleştirilemiyor: {message}", en: "{object}: cannot be scheduled: {message}" },
        PodRestarted {
            tr: "{object}: konteyner yeniden başladı (toplam {restarts})",
            en: "{object}: container restarted ({restarts} in all)",
        },
        Created { tr: "{object} yaratıldı", en: "{object} created" },
        CreatedBy { tr: "{object} yaratıldı (sahibi: {owner})", en: "{object} created (owner: {owner})" },
        Changed { tr: "{object} değişti", en: "{object} changed" },
        Deleted { tr: "{object} silindi", en: "{object} deleted" },
        Terminating {
            tr: "{object} silinmek üzere işaretlendi (bekleme payı {grace} s)",
            en: "{object} marked for deletion (grace period {grace} s)",
        },
        LeaseHolder { tr: "{object}: kirayı {holder} tutuyor", en: "{object}: held by {holder}" },
        Decided {
            tr: "zamanlayıcı: {object} için {node} seçildi ({scored} düğüm puanlandı, {filtered} elendi)",
            en: "scheduler: {node} chosen for {object} ({scored} nodes scored, {filtered} filtered)",
        },
        Undecided { tr: "zamanlayıcı: {object} için düğüm yok: {message}", en: "scheduler: no node for {object}: {message}" },
        Rules {
            tr: "{node} düğümünde kurallar yenilendi: {object}, {endpoints} uç",
            en: "rules written on {node}: {object}, {endpoints} endpoint(s)",
        },
        RequestLost {
            tr: "{client}: {object} isteği yitti ({why})",
            en: "{client}: request to {object} lost ({why})",
        },
        RequestLostNode {
            tr: "{client}: {object} isteği yitti ({why}; sorulan düğüm: {node})",
            en: "{client}: request to {object} lost ({why}; node asked: {node})",
        },
        RequestLostPod {
            tr: "{client}: {object} isteği yitti ({why}; seçilen pod: {pod})",
            en: "{client}: request to {object} lost ({why}; pod chosen: {pod})",
        },
        ProcessCrashed { tr: "{process} durdu", en: "{process} stopped" },
        ProcessStarted { tr: "{process} başladı", en: "{process} started" },
        ProcessPaused { tr: "{process} donduruldu", en: "{process} frozen" },
        ProcessResumed { tr: "{process} devam ediyor", en: "{process} goes on" },
        TimedOut { tr: "zaman aşımı", en: "timed out" },
        Refused { tr: "bağlantı reddedildi", en: "connection refused" },
        NoEndpoint { tr: "hazır uç yok", en: "no ready endpoint" },
        AllWorkloads { tr: "bütün iş yükleri", en: "all workloads" },
        AndMore { tr: "ve {count} tane daha", en: "and {count} more" },
        NoNode { tr: "düğümsüz", en: "no node" },
        Unknown { tr: "{what}: {fields}", en: "{what}: {fields}" },
    }
}

crate::texts! {
    /// Words that replace the signs in plain output.
    pub enum Mood {
        Good { tr: "iyi", en: "good" },
        Neutral { tr: "bilgi", en: "info" },
        Warning { tr: "uyarı", en: "warning" },
        Bad { tr: "sorun", en: "trouble" },
        Act { tr: "komut", en: "command" },
        Mark { tr: "işaret", en: "mark" },
        Lead { tr: "lider", en: "leader" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::assert_complete;

    #[test]
    fn both_languages_are_complete() {
        assert_complete::<Faults>();
        assert_complete::<Narration>();
        assert_complete::<Mood>();
    }
}
