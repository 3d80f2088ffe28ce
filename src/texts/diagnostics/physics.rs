//! P05xx: scenarios that cannot happen as they are written: moments, windows, contradictions.

super::codes! {
    STEP_AFTER_END = "P0501" {
        "{at} anı benzetimin sonundan ({until}) sonra; hiç gelmeyecek",
        "the moment {at} lies after the end of the run ({until}) and will never come";
        help: "`until` değerini büyütün ya da anı öne alın", "make `until` longer or the moment earlier";
        page: "Benzetim `until` süresince çalışır (yazılmazsa 10 dakika). Daha sonraki anlara konan adımlar \
               ve yer imleri hiç gerçekleşmez.",
              "A run lasts as long as `until` says (10 minutes if it says nothing). Steps and bookmarks at \
               later moments never happen.";
    }
    WINDOW_AFTER_END = "P0502" {
        "pencere {from} anında başlıyor, benzetim ise {until} anında bitiyor",
        "the window begins at {from}, but the run ends at {until}";
        page: "Beklentiler `from` ile başlayan bir pencerede denetlenir. Pencere benzetimin sonundan sonra \
               başlarsa denetlenecek hiçbir an kalmaz.",
              "Expectations are checked in a window that begins at `from`. If it begins after the end of the \
               run, no moment is left to check.";
    }
    WINDOW_EMPTY = "P0503" {
        "pencere boş: {from} anında başlıyor, {end} ile bitiyor", "the window is empty: it begins at {from} and ends with {end}";
        page: "`within`, pencerenin uzunluğudur ve sıfırdan büyük olmalıdır; `until`, pencerenin bittiği andır \
               ve `from` anından sonra gelmelidir.",
              "`within` is the length of the window and must be more than zero; `until` is the moment it \
               ends and must come after `from`.";
    }
    WINDOW_PAST_END = "P0504" {
        "pencere benzetimin sonunu ({until}) aşıyor; sonda kesilecek", "the window reaches past the end of the run ({until}) and will be cut";
        page: "Benzetim bittiğinde beklentiler değerlendirilir. Pencerenin sonunu görmek istiyorsanız `until` \
               değerini büyütün.",
              "Expectations are judged when the run ends. Make `until` longer to see the whole window.";
    }
    NO_BOUND = "P0505" {
        "hiçbir sınır yazılmamış; bu beklenti her zaman tutar", "no bound is written; this would always hold";
        help: "`at_least`, `at_most`, `exactly` gibi bir sınır ekleyin", "add a bound such as `at_least`, `at_most` or `exactly`";
        page: "Sayan beklentiler en az bir sınır ister: `at_least` (en az), `at_most` (en çok), `exactly` (tam \
               olarak); isteklerde `lost_at_most`, `availability_at_least` ve `p99_at_most`.",
              "Expectations that count need a bound: `at_least`, `at_most`, `exactly`; for requests \
               `lost_at_most`, `availability_at_least` and `p99_at_most`.";
    }
    BOUNDS_EMPTY = "P0506" {
        "`at_least` ({least}) `at_most` değerinden ({most}) büyük; hiçbir sayı uymaz",
        "`at_least` ({least}) exceeds `at_most` ({most}); no number fits";
        page: "Alt sınır üst sınırı aşamaz. İkisi eşitse `exactly` daha açıktır.",
              "The lower bound cannot exceed the upper one. When they are equal, `exactly` says it better.";
    }
    EMPTY_SIDE = "P0507" {
        "ağ bölünmesinin bir tarafı boş", "one side of the partition is empty";
        page: "Bir ağ bölünmesi iki grup arasındaki iletileri keser; iki tarafta da en az bir hedef olmalıdır: \
               `partition(a: [node(\"n1\")], b: [control_plane(1)])`.",
              "A partition cuts messages between two groups; each side needs at least one target: \
               `partition(a: [node(\"n1\")], b: [control_plane(1)])`.";
    }
    BOTH_SIDES = "P0508" {
        "{target} bölünmenin iki tarafında da var", "{target} is on both sides of the partition";
        page: "Bir makine kendisinden ayrılamaz. Her hedef yalnızca bir tarafta bulunmalıdır.",
              "A machine cannot be cut from itself. Every target belongs to one side only.";
    }
    DOES_NOTHING = "P0509" {
        "bu arıza hiçbir şeyi değiştirmiyor; şunlardan en az biri yazılmalı: {fields}",
        "this fault changes nothing; write at least one of: {fields}";
        page: "Yazılmayan her büyüklük sıfırdır; hepsi sıfırsa bağlantı olduğu gibi kalır.",
              "Whatever is not written is zero; if all are zero the link stays as it is.";
    }
    NOT_A_PROGRAM = "P0510" {
        "{target} çökemez ve duraklatılamaz", "{target} can neither crash nor be paused";
        page: "Yalnızca makineler ve programlar çöker ya da duraklar. Dış dünyayla bağlantıyı kesmek için \
               `partition` kullanın.",
              "Only machines and programs crash or pause. To cut the way to the world outside use \
               `partition`.";
    }
    NO_DISK = "P0511" {
        "{target} için yavaşlatılacak bir disk yok", "{target} has no disk to slow down";
        help: "`etcd(1)`, `control_plane(1)` ya da `node(\"n1\")` yazın", "write `etcd(1)`, `control_plane(1)` or `node(\"n1\")`";
        page: "Prova'da diski olanlar etcd üyeleri ve makinelerdir. Yavaş bir disk önce etcd'yi etkiler: her \
               kesinleştirme, çoğunluğun diske yazmasını bekler.",
              "In Prova etcd members and machines have disks. A slow disk hurts etcd first: every commit \
               waits until a majority has written to disk.";
    }
    ALREADY_BEGUN = "P0512" {
        "`{what}` {whom} için zaten sürüyor", "`{what}` already lasts for {whom}";
        page: "Çökmüş bir makine yeniden çökemez, yerleşime kapalı bir düğüm yeniden kapatılamaz. İkinci adımın \
               etkisi olmaz; belki aradaki `recover` ya da `uncordon` unutulmuştur.",
              "A crashed machine cannot crash again, a cordoned node cannot be cordoned again. The second \
               step has no effect; perhaps a `recover` or `uncordon` was forgotten in between.";
    }
    NEVER_BEGUN = "P0513" {
        "`{what}` adımının bitireceği bir şey yok: {whom}", "`{what}` will find nothing to end: {whom}";
        help: "bu andan önce sürmekte olan uygun bir adım yok", "no fitting step lasts at this moment";
        page: "`recover` bir `crash` adımını, `resume` bir `pause` adımını, `heal` bir ağ arızasını, `uncordon` \
               bir `cordon` ya da `drain` adımını bitirir. Öncesinde böyle bir adım yoksa hiçbir şey olmaz.",
              "`recover` ends a `crash`, `resume` a `pause`, `heal` a network fault, `uncordon` a `cordon` or \
               `drain`. Without such a step before, nothing happens.";
    }
    CURVE_EMPTY = "P0514" {
        "eğride hiç nokta yok", "the curve has no points";
        page: "Bir eğri en az bir nokta ister: `curve([(at: \"0s\", rps: 5), (at: \"5m\", rps: 50)])`. \
               Noktaların arası doğru parçalarıyla birleştirilir.",
              "A curve needs at least one point: `curve([(at: \"0s\", rps: 5), (at: \"5m\", rps: 50)])`. Points \
               are joined by straight lines.";
    }
    CURVE_ORDER = "P0515" {
        "eğrinin noktaları zamanda ileri gitmeli: {at}, {before} anından sonra gelmiyor",
        "the points of a curve must go forward in time: {at} does not come after {before}";
        page: "Her noktanın anı bir öncekinden büyük olmalıdır; iki hız aynı anda geçerli olamaz.",
              "Every point must come after the one before; two rates cannot hold at one moment.";
    }
    OVER_CAPACITY = "P0516" {
        "bildirimler düğümlerdekinden çok {what} istiyor: istenen {asked}, olan {there}",
        "the manifests ask for more {what} than the nodes have: {asked} of {there}";
        help: "bazı podlar Pending kalacak; düğüm ekleyin ya da talepleri küçültün",
              "some pods will stay Pending; add nodes or ask for less";
        page: "Zamanlayıcı bir podu, kaynak talebi düğümün boş payına sığarsa yerleştirir. Toplam talep toplam \
               kapasiteyi aşıyorsa bazı podlar yer bulamaz. Sistemin kendi payı bu hesaba katılmamıştır.",
              "The scheduler places a pod where its requests fit. If all requests exceed all capacity, some \
               pods find no place. What the system itself needs is not counted here.";
    }
    TOO_MANY_NODES = "P0517" {
        "{count} düğüm çok fazla; en çok {most} yazılabilir", "{count} nodes are too many; at most {most}";
        page: "Kubernetes'in yayımlanmış sınırı 5.000 düğümdür. Prova bunun dört katına kadar dener, fazlasını \
               yazım hatası sayar.",
              "Kubernetes' published limit is 5,000 nodes. Prova tries up to four times that and takes more \
               for a slip.";
    }
    MANY_NODES = "P0518" {
        "{count} düğüm Kubernetes'in yayımlanmış sınırını (5000) aşıyor", "{count} nodes exceed Kubernetes' published limit (5000)";
        page: "Kubernetes 5.000 düğüm, 150.000 pod ve 300.000 konteynere kadar sınanır. Daha büyük kümeler \
               çalışabilir, ama hizmet düzeyi sözü verilmez.",
              "Kubernetes is tested up to 5,000 nodes, 150,000 pods and 300,000 containers. Larger clusters \
               may work, but nothing is promised.";
    }
    BOOKMARK_MOMENT = "P0519" {
        "{name} adlı yer imi ya `at` ya da `first` istiyor (yalnızca birini)", "bookmark {name} needs either `at` or `first`, and only one";
        page: "Yer imi ya belli bir ana konur (`at: \"60s\"`) ya da bir yüklemin ilk doğru olduğu ana \
               (`first: event(reason: \"NodeNotReady\")`).",
              "A bookmark marks a moment (`at: \"60s\"`) or the first moment at which something holds \
               (`first: event(reason: \"NodeNotReady\")`).";
    }
    NO_TIME = "P0520" {
        "benzetim hiç sürmüyor: `until` sıfır", "the run lasts no time: `until` is zero";
        page: "`until`, benzetimin sanal süresidir ve sıfırdan büyük olmalıdır.",
              "`until` is the virtual length of the run and must be more than zero.";
    }
    TOO_MANY_COPIES = "P0521" {
        "`many` en çok {most} kopya yapabilir", "`many` makes at most {most} copies";
        page: "`many`, sayıların her birleşimi için bir kopya yapar: `{\"ns\": 50, \"app\": 30}` 1500 kopya \
               demektir. Sınır, yazım hatalarının belleği doldurmasını önler.",
              "`many` makes a copy for every combination of its numbers: `{\"ns\": 50, \"app\": 30}` means 1500. \
               The limit keeps a slip from filling the memory.";
    }
    MANY_IN_MANY = "P0522" {
        "`many` içinde `many` yazılamaz", "`many` cannot stand inside `many`";
        help: "sayıları tek bir `many` içinde birleştirin", "write all numbers in one `many`";
        page: "Bir `many`, birden çok sayı alabilir ve hepsinin birleşimlerini yaratır; iç içe yazmaya gerek \
               yoktur.",
              "One `many` takes several numbers and makes all their combinations; there is no need to nest.";
    }
}

crate::texts! {
    /// Whom a step concerns, when it names nobody.
    pub enum Whom {
        NetworkFaults { tr: "süren bir ağ arızası yok", en: "no network fault lasts" },
    }
}

crate::texts! {
    /// What the manifests ask for.
    pub enum Resource {
        Cpu { tr: "işlemci", en: "CPU" },
        Memory { tr: "bellek", en: "memory" },
        Pods { tr: "pod", en: "pods" },
    }
}
