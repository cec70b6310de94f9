"""Words that say the same in most sentences, and words that say little: so that a rephrasing is not taken for news.

Written by hand, for the general vocabulary of answers; a wrong pair costs more than a missing one, so words
that only sometimes mean the same are not here.
"""

from __future__ import annotations

from functools import lru_cache

from ragkit.checkers.tokens import stem

_GROUPS = """
    employee staff worker personnel workforce colleague|holiday vacation leave|firm company business corporation enterprise
    buy purchase acquire|begin start commence launch|end finish conclude complete|get receive obtain|give provide offer supply
    big large huge|small little tiny|child kid|doctor physician|car automobile vehicle|help assist aid support|film movie
    job position role|pay compensate remunerate|salary wage pay|allow permit|need require|must required mandatory obligatory
    show demonstrate display|cost price fee charge|quick fast rapid swift|rent lease|illness sick sickness ill disease
    home house|work operate|build construct erect|building structure|die death dead deceased pass|kill murder slay
    choose select pick|fix repair mend|error mistake fault|shop store|city town|country nation|reply answer respond response
    ask request|send submit|inform notify tell|annual yearly|maximum max limit|minimum min|approximately about roughly
    use utilize utilise employ|purpose goal aim objective|happen occur|huge enormous massive|important significant crucial key
    method approach technique|result outcome finding|study research investigation|injure hurt wound|attack assault
    arrest detain apprehend|police officer cop|say state tell mention report claim|leader head chief|people person individual
    lawyer attorney|teacher instructor|pupil student|university college|increase rise grow growth|decrease drop fall decline reduce
    create make produce|remove delete eliminate erase|change modify alter adjust|keep retain maintain preserve|check verify
    stop halt cease|try attempt|reach achieve attain|gather collect|divide split separate|join combine merge|contain include
    near close nearby|beautiful pretty|near adjacent|famous renowned well-known popular|money fund cash|gift present
    meal food dish|restaurant eatery|tasty delicious flavorful yummy|friendly kind nice|staff service|clean tidy
    image picture photo photograph|speak talk|ship vessel boat|plane aircraft airplane jet|soldier troop|fight battle combat
    win victory|crash collision|trip journey travel|hotel accommodation lodging|sea ocean|road street|forest wood
    doctor medic|medicine drug medication|baby infant newborn|father dad|mother mom mum|husband spouse wife partner
    happy glad pleased|sad unhappy|angry furious|afraid scared|smart intelligent clever|rich wealthy|poor impoverished
    cheap inexpensive affordable|expensive costly pricey|old ancient elderly|new novel recent|hard difficult tough challenging
    easy simple|correct right accurate|wrong incorrect false|begin origin|part portion section piece|whole entire complete
    error bug|document file paper|rule regulation policy|law legislation|contract agreement|deadline due|boss manager supervisor
    client customer|order purchase|deliver delivery ship|refund reimburse repay return|cancel terminate|resign quit
    hire recruit employ|fire dismiss|training course|meeting session|laptop computer notebook|phone telephone mobile
    password credential|email mail|website site webpage|location place site|area region zone|border boundary|top peak summit
    middle center centre|speed velocity|weight mass|amount quantity|number count|percent percentage|half fifty
    twice double|triple threefold|daily day|weekly week|monthly month|yearly year annual|hour hourly|minute|
    eat consume|drink beverage|sleep rest|view see watch observe|hear listen|think believe|know aware|feel sense
    author writer|write pen|song track|singer vocalist|actor actress|game match|team squad|player athlete
    america american usa|britain british uk|germany german|france french|europe european|china chinese|japan japanese
    capital|remote home telework|workplace office|wifi wi-fi wireless|takeout takeaway pickup carryout|parking park
    reservation booking reserve book|patio outdoor|loud noisy|quiet calm|kid-friendly family|bar pub|coffee cafe
    lie locate located situated|found establish create|born birth|marry marriage wed|invent invention inventor
    discover discovery|elect election|vote ballot|govern government|war conflict|peace|sick unwell|recover heal
    prevent avoid|reduce lower|enhance improve boost|damage harm|destroy ruin|danger hazard risk|safe secure
    entitle entitled eligible|carry bear|expire lapse|renew extend|approve authorize authorise|notify notice
    permission consent approval authorization|proof evidence certificate|form application|apply
"""
_LIGHT = """
    include including various several different many much also overall addition additionally furthermore moreover
    however known use used using make made provide provided offer offered feature featured available certain specific
    general generally important note thing way order example instance etc like based describe described mention mentioned
    state stated say said tell told indicate suggest mean refer related regard regarding involve involve ensure allow
    able consider considered typically usually often commonly commonly main major key one two first second finally lastly
    help need want get go come take give become remain seem appear look find found show see keep let put set well good
    total new current currently recent recently specifically particularly especially due result lead cause number amount
    part kind type sort form case time people person passage text source document article information context answer
    question summary following list option feature popular great highly additionally individual process locate located
    serve serve business customer place area praise experience despite mixed express structured objective overview discuss
    positive negative opinion highlight aspect feedback comment emphasize explain conclude factor present consist depend
    wide range variety choice choose decide detail instruction focus ability potential concern seek ask issue quality
    establishment reviewer review rate rating rated enjoy appreciate recommend others offering establishment suitable
    previous previously initially eventually unique impressive excellent worth bit regularly alike lovers visitor
"""


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    synonyms: dict[str, set[str]] = {}
    for group in _GROUPS.replace("\n", "|").split("|"):
        stems = {stem(word) for word in group.split()}
        for each in stems:
            synonyms.setdefault(each, set()).update(stems - {each})
    light = frozenset(stem(word) for word in _LIGHT.split())
    return {each: frozenset(others) for each, others in synonyms.items()}, light


def synonyms_of(stemmed: str) -> frozenset[str]:
    """Stems that say the same as a stem, without itself."""
    return _tables()[0].get(stemmed, frozenset())


def is_light(stemmed: str) -> bool:
    """Whether a stem says so little that its absence from a source means nothing."""
    return stemmed in _tables()[1]
