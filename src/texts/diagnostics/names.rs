//! P04xx: names in a scenario that mean nothing, or not what is needed there.

super::codes! {
    UNKNOWN_NODE = "P0401" {
        "{name} adlı bir düğüm yok", "there is no node called {name}";
        help: "düğüm adları `cluster.nodes` içinden gelir; `count` yazılmışsa ada sıra numarası eklenir: n1, n2, …",
              "node names come from `cluster.nodes`; with `count` a number is added: n1, n2, …";
        page: "İşçi düğümler senaryonun `cluster.nodes` listesinde tanımlanır. `(name: \"n\", count: 3)` \
               n1, n2 ve n3 adlı üç düğüm demektir; `count` yazılmazsa düğümün adı tam olarak `name` olur.",
              "Worker nodes are defined in `cluster.nodes`. `(name: \"n\", count: 3)` means three nodes n1, \
               n2 and n3; without `count` the node is called exactly `name`.";
    }
    UNKNOWN_ZONE = "P0402" {
        "{name} adlı bir bölge yok", "there is no zone called {name}";
        help: "bölgeler `cluster.nodes` içindeki `zone` alanlarından gelir",
              "zones come from the `zone` fields in `cluster.nodes`";
        page: "Bölge (zone), birlikte arızalanabilen düğümlerin kümesidir; düğümlere \
               `topology.kubernetes.io/zone` etiketi olarak yazılır. Kümenin dışı `outside` diye anılır.",
              "A zone is a set of nodes that may fail together; it becomes the label \
               `topology.kubernetes.io/zone`. The world outside the cluster is called `outside`.";
    }
    NO_SUCH_MEMBER = "P0403" {
        "{what}({number}) yok; bu kümede 1 ile {count} arasında numaralar var",
        "there is no {what}({number}); this cluster has numbers 1 to {count}";
        page: "Kontrol düzlemi düğümleri ve etcd üyeleri 1'den başlayarak numaralanır. Sayıları \
               `cluster.control_planes` ve `cluster.etcd` ile belirlenir; öntanımlı değer 1'dir.",
              "Control plane machines and etcd members are numbered from 1. `cluster.control_planes` and \
               `cluster.etcd` say how many there are; the default is 1.";
    }
    UNKNOWN_OBJECT = "P0404" {
        "bildirimlerde {name} adlı bir `{kind}` yok", "no manifest holds a `{kind}` called {name}";
        help: "başka bir ad alanındaysa `tür/ad-alanı/ad` yazın",
              "write `kind/namespace/name` if it is in another namespace";
        page: "Adımlar ve beklentiler, `apply` ile uygulanan bildirimlerdeki nesneleri anar. Ad alanı \
               yazılmazsa `default` anlaşılır. Deployment'ların yarattığı podların adları önceden \
               bilinemez; onları `pod/frontend-*` gibi bir kalıpla anın.",
              "Steps and expectations name objects of the manifests that `apply` brings. Without a \
               namespace `default` is meant. Names of pods made by a Deployment cannot be known before; \
               write a pattern such as `pod/frontend-*`.";
    }
    UNKNOWN_SERVICE = "P0405" {
        "bildirimlerde {name} adlı bir servis yok", "no manifest holds a Service called {name}";
        page: "Trafik ve uç beklentileri bir Service'in adını ister: `frontend` ya da başka bir ad \
               alanındaysa `shop/frontend`.",
              "Traffic and expectations about endpoints name a Service: `frontend`, or `shop/frontend` if \
               it is in another namespace.";
    }
    UNKNOWN_TRAFFIC = "P0406" {
        "{name} adlı bir trafik tanımlanmamış", "no traffic is called {name}";
        page: "İstek gönderen istemciler senaryonun `traffic` listesinde adlarıyla tanımlanır; adımlar ve \
               beklentiler onları bu adla bulur.",
              "Clients that send requests are defined by name in the scenario's `traffic` list; steps and \
               expectations find them by that name.";
    }
    UNKNOWN_FAULT = "P0407" {
        "{name} adlı bir ağ arızası yok", "no network fault is called {name}";
        help: "adı `partition(…, name: \"…\")` ya da `slow_link(…, name: \"…\")` ile verin; ad yazmadan `heal` hepsini bitirir",
              "give the name with `partition(…, name: \"…\")` or `slow_link(…, name: \"…\")`; `heal` alone ends all";
        page: "`heal(\"ad\")` yalnızca o adı taşıyan ağ arızasını bitirir. Adsız `heal`, bütün ağ \
               bölünmelerini ve yavaş bağlantıları bitirir.",
              "`heal(\"name\")` ends the network fault of that name only. `heal` alone ends every partition \
               and slow link.";
    }
    DUPLICATE_NAME = "P0408" {
        "`{list}` içinde {name} adı ikinci kez kullanılmış", "the name {name} is used twice in `{list}`";
        page: "Düğümler, trafikler ve yer imleri adlarıyla bulunur; bu yüzden bir listede her ad bir kez \
               kullanılır. `n` ve `count: 3` yazan bir grup n1, n2, n3 adlarını alır.",
              "Nodes, traffic and bookmarks are found by name, so each name is used once in its list. A \
               group `n` with `count: 3` takes the names n1, n2, n3.";
    }
    UNKNOWN_CONTAINER = "P0409" {
        "pod şablonunda {name} adlı bir konteyner yok", "the pod template has no container called {name}";
        page: "Konteyner adı, Deployment'ın pod şablonundaki `containers` listesinde yazan addır. \
               Yazılmazsa ilk konteyner anlaşılır.",
              "The name is the one in the `containers` list of the Deployment's pod template. Without it \
               the first container is meant.";
    }
    WRONG_KIND = "P0410" {
        "{name} burada kullanılamaz; beklenen türler: {kinds}", "{name} cannot stand here; expected kinds: {kinds}";
        page: "Her adım belirli türlerde nesneler ister: yalnızca Deployment ve ReplicaSet ölçeklenir, \
               yalnızca Deployment geri alınır, konteynerler yalnızca podlarda çalışır.",
              "Every step needs objects of certain kinds: only a Deployment or ReplicaSet is scaled, only a \
               Deployment is rolled back, only pods have containers.";
    }
    UNKNOWN_IMAGE = "P0411" {
        "hiçbir pod {name} imajını kullanmıyor", "no pod uses the image {name}";
        page: "Arıza, bildirimlerde ya da `set_image` adımlarında geçen bir imajı anmalıdır; yoksa hiçbir \
               etkisi olmaz. Sonda `*` bulunan ad, öyle başlayan bütün imajlar demektir.",
              "The fault should name an image of the manifests or of a `set_image` step; otherwise it has no \
               effect. A name that ends with `*` means every image that begins so.";
    }
    UNKNOWN_REASON = "P0412" {
        "Prova'nın bileşenleri {name} nedeniyle olay yazmaz", "no component of Prova writes events with reason {name}";
        page: "Kubernetes olaylarının nedenleri (reason) sabit sözcüklerdir: Scheduled, Pulled, Started, \
               NodeNotReady gibi. Yanlış yazılmış bir neden hiç görülmez ve beklenti boşa çıkar.",
              "Reasons of Kubernetes Events are fixed words such as Scheduled, Pulled, Started, NodeNotReady. \
               A misspelt one is never seen, and the expectation misses its point.";
    }
    UNKNOWN_PORT = "P0413" {
        "{service} adlı servisin {port} numaralı portu yok", "Service {service} has no port {port}";
        page: "Trafik, servisin `spec.ports[].port` alanındaki bir porta gider; `targetPort` podun kendi \
               portudur ve burada yazılmaz.",
              "Traffic goes to a port in `spec.ports[].port` of the Service; `targetPort` is the pod's own \
               and is not written here.";
    }
    CLIENT_PLACE = "P0414" {
        "istemciler {target} üzerinde duramaz", "clients cannot stand at {target}";
        help: "`outside` ya da `node(\"n1\")` yazın", "write `outside` or `node(\"n1\")`";
        page: "İstemciler ya kümenin dışındadır ya da bir işçi düğümün üzerinde; istekleri o düğümün \
               kube-proxy kurallarıyla yönlendirilir.",
              "Clients stand outside the cluster or on a worker node; their requests follow the kube-proxy \
               rules of that node.";
    }
    LANGUAGE_VERSION = "P0415" {
        "senaryo dilinin {found} sürümü bilinmiyor; bu program {known} sürümünü okur",
        "version {found} of the scenario language is not known; this program reads {known}";
        page: "`version`, senaryo dilinin sürümüdür; dosyanın kaçıncı hali olduğunu göstermez. Daha yeni bir \
               sürüm için Prova'yı güncelleyin.",
              "`version` is that of the scenario language, not of your file. For a newer one update Prova.";
    }
    KUBERNETES_VERSION = "P0416" {
        "Kubernetes {found} sürümünün öntanımlı değerleri bilinmiyor", "the defaults of Kubernetes {found} are not known";
        help: "bilinenler: {known}", "known: {known}";
        page: "Öntanımlı değerler sürümden sürüme değişir: `node-monitor-grace-period` 1.32'de 40 saniyeden \
               50 saniyeye çıktı. `cluster.kubernetes` hangi sürümün değerlerinin geçerli olduğunu söyler.",
              "Defaults change between versions: `node-monitor-grace-period` went from 40 to 50 seconds in \
               1.32. `cluster.kubernetes` says whose defaults hold.";
    }
    ETCD_MEMBERS = "P0417" {
        "etcd {found} üyeyle kurulmaz; 1, 3, 5 ya da 7 yazın", "etcd is not built with {found} members; write 1, 3, 5 or 7";
        page: "Yeter çoğunluk, üyelerin yarısından fazlasıdır. Çift sayıda üye, bir eksiğinden daha fazla \
               arızaya dayanmaz (4 üye de 3 üye gibi tek arızaya dayanır) ama her yazmayı yavaşlatır.",
              "A quorum is more than half of the members. An even number survives no more failures than one \
               member less (4 survive one, as 3 do) but slows every write.";
    }
    CONTROL_PLANES = "P0418" {
        "kontrol düzlemi düğümü sayısı 1 ile 7 arasında olmalı; {found} yazılmış",
        "the number of control planes must be between 1 and 7, found {found}";
        page: "Her kontrol düzlemi düğümünde bir API sunucusu, bir zamanlayıcı ve bir denetleyici yöneticisi \
               çalışır. API sunucularının hepsi birden çalışır; ötekilerden yalnızca birer lider iş yapar.",
              "Every control plane machine runs an API server, a scheduler and a controller manager. All API \
               servers work at once; of the others only one leader each does.";
    }
}
