/// A name for a run that was given none: `quiet-heron-417`.
enum RunName {
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let adjective = adjectives[Int.random(in: adjectives.indices, using: &generator)]
        let bird = birds[Int.random(in: birds.indices, using: &generator)]
        return "\(adjective)-\(bird)-\(Int.random(in: 1...999, using: &generator))"
    }

    private static let adjectives = words(
        """
        agile airy amber ample apt azure balmy blithe bold brave breezy bright brisk bronze calm candid cheery
        clear clever coral cosy crisp curious daring dawn deft dewy downy eager early easy even fair fleet
        fluent fond frank fresh gentle gilded glad golden grand green hale handy happy hardy hazel hushed
        ivory jade jaunty jolly keen kind lively lofty loyal lucid lucky mellow merry mighty mild misty
        modest neat nimble noble olive opal patient pearly placid plucky polite proud quick quiet ready regal
        rosy ruby russet sandy serene sharp shiny silent silver sleek slender smart snowy solar spry steady
        sturdy sunny swift tawny tender tidy tranquil trusty upbeat velvet vivid warm wary windy wise witty
        """)

    private static let birds = words(
        """
        albatross auk avocet babbler barbet bittern blackbird bluebird bulbul bunting bustard buzzard
        caracara cardinal chickadee chough condor coot cormorant corncrake crane crossbill cuckoo curlew
        dipper dotterel dove dunlin dunnock eagle egret eider falcon fieldfare finch flamingo flycatcher
        fulmar gadwall gannet godwit goldcrest goldeneye goldfinch goose goshawk grebe greenfinch grouse
        guillemot gull harrier hawk heron hobby hoopoe hornbill ibis jacana jackdaw jay kestrel kingfisher
        kite kittiwake knot lapwing lark linnet loon lorikeet lyrebird macaw magpie mallard martin merlin
        moorhen nightingale nightjar nuthatch oriole osprey ouzel owl partridge pelican peregrine petrel
        phalarope pheasant pigeon pintail pipit plover pochard ptarmigan puffin quail rail raven razorbill
        redpoll redshank redstart redwing robin roller rook ruff sanderling sandpiper shearwater shelduck
        shrike siskin skimmer skua snipe sparrow spoonbill starling stilt stonechat stork swallow swan swift
        tanager teal tern thrasher thrush treecreeper turnstone twite wagtail warbler waxwing wheatear
        whimbrel whinchat wigeon woodcock wren wryneck yellowhammer
        """)

    private static func words(_ text: String) -> [Substring] {
        text.split { $0 == " " || $0 == "\n" }
    }
}
