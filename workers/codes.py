"""Code lists of the ledger, stored as short strings."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SEXES = [("male", _("Male")), ("female", _("Female"))]

# GB 3304.
ETHNIC_GROUPS = [
    (f"{number:02d}", name)
    for number, name in enumerate(
        "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族 黎族 "
        "傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 "
        "仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 "
        "鄂伦春族 赫哲族 门巴族 珞巴族 基诺族".split(),
        start=1,
    )
] + [("97", "其他")]

# GB/T 4658 at the tens level, as forms ask it.
EDUCATION = [
    ("90", _("No schooling")),
    ("80", _("Primary school")),
    ("70", _("Junior secondary school")),
    ("60", _("Senior secondary school")),
    ("40", _("Secondary vocational school")),
    ("30", _("Junior college")),
    ("20", _("University or higher")),
]

ABILITIES = [
    ("ordinary", _("Ordinary labor")),
    ("skilled", _("Skilled labor")),
    ("weak", _("Weak or half labor")),
    ("lost", _("Lost the ability to work")),
    ("none", _("No ability to work")),
]
ABLE = {"", "ordinary", "skilled"}

SKILL_GRADES = [
    ("none", _("None")),
    ("junior", _("Junior worker")),
    ("middle", _("Intermediate worker")),
    ("senior", _("Senior worker")),
    ("technician", _("Technician")),
    ("senior_technician", _("Senior technician")),
]

# 与户主关系, with the sex that a relation implies ("" for either).
RELATIONS = [
    ("head", _("Head of household")),
    ("spouse", _("Spouse")),
    ("son", _("Son")),
    ("daughter", _("Daughter")),
    ("daughter_in_law", _("Daughter-in-law")),
    ("son_in_law", _("Son-in-law")),
    ("grandson", _("Grandson")),
    ("granddaughter", _("Granddaughter")),
    ("daughters_son", _("Daughter's son")),
    ("daughters_daughter", _("Daughter's daughter")),
    ("father", _("Father")),
    ("mother", _("Mother")),
    ("wifes_father", _("Wife's father")),
    ("wifes_mother", _("Wife's mother")),
    ("husbands_father", _("Husband's father")),
    ("husbands_mother", _("Husband's mother")),
    ("grandfather", _("Grandfather")),
    ("grandmother", _("Grandmother")),
    ("mothers_father", _("Mother's father")),
    ("mothers_mother", _("Mother's mother")),
    ("sibling", _("Brother or sister")),
    ("great_grandson", _("Great-grandson")),
    ("great_granddaughter", _("Great-granddaughter")),
    ("nephew", _("Nephew")),
    ("niece", _("Niece")),
    ("siblings_spouse", _("Sibling's spouse")),
    ("uncle", _("Father's brother")),
    ("other", pgettext_lazy("relation", "Other")),
]
MALE_RELATIONS = {
    "son", "son_in_law", "grandson", "daughters_son", "father", "wifes_father", "husbands_father",
    "grandfather", "mothers_father", "great_grandson", "nephew", "uncle",
}
FEMALE_RELATIONS = {
    "daughter", "daughter_in_law", "granddaughter", "daughters_daughter", "mother", "wifes_mother",
    "husbands_mother", "grandmother", "mothers_mother", "great_granddaughter", "niece",
}

NO_ID_REASONS = [
    ("not_at_hand", _("Not at hand, will be asked for")),
    ("not_issued", _("Not issued yet")),
    ("lost", _("Lost")),
    ("declined", _("Does not want to give it")),
]

PHONE_OWNERS = [
    ("self", _("The worker")),
    ("family", _("Family")),
    ("employer", _("Employer")),
    ("other", _("Somebody else")),
]

# In the place of an ID number that was erased with everything else that told who it was.
ERASED_ID = ("erased", _("Erased"))
NOTICES = [
    ("orally", _("Told orally")), ("signed", _("Signed the form")), ("head", _("Through the head of the household")),
]
CONSENTS = [("in_person", _("The worker agreed")), ("by_family", _("The family answered for the worker"))]

STATUS_KINDS = [
    ("relieved", _("Lifted from poverty")),
    ("monitored_unstable", _("Monitored: lifted but unstable")),
    ("monitored_marginal", _("Monitored: at the margin")),
    ("monitored_hardship", _("Monitored: sudden hardship")),
]
MONITORED = {"monitored_unstable", "monitored_marginal", "monitored_hardship"}

# GB/T 4754-2017 sections.
SECTIONS = [
    ("A", _("Farming, forestry, husbandry, fishing")),
    ("B", _("Mining")),
    ("C", _("Manufacturing")),
    ("D", _("Electricity, heat, gas and water")),
    ("E", _("Construction")),
    ("F", _("Wholesale and retail")),
    ("G", _("Transport, storage and post")),
    ("H", _("Hotels and catering")),
    ("I", _("Information technology")),
    ("J", _("Finance")),
    ("K", _("Real estate")),
    ("L", _("Leasing and business services")),
    ("M", _("Research and technical services")),
    ("N", _("Water, environment and public facilities")),
    ("O", _("Household services, repair and other services")),
    ("P", pgettext_lazy("industry", "Education")),
    ("Q", _("Health and social work")),
    ("R", _("Culture, sports and entertainment")),
    ("S", _("Public administration and social security")),
    ("T", _("International organizations")),
]
# The sections that most people of a county go into, first in every picker.
COMMON_SECTIONS = ["E", "C", "H", "G", "O", "F"]

JOBS = [
    ("planting", _("Planting")),
    ("breeding", _("Breeding")),
    ("processing", _("Processing")),
    ("manufacturing", _("Factory work")),
    ("service", _("Services")),
    ("building", _("Building")),
    ("handicraft", _("Handicraft")),
    ("transport", _("Trade and transport")),
    ("e_commerce", _("E-commerce")),
    ("catering", _("Catering")),
    ("domestic", _("Domestic service and care")),
    ("retail", _("Sales and retail")),
    ("teaching", _("Teaching")),
    ("medical", _("Medical work")),
    ("security", _("Security")),
    ("technical", _("Skilled trade")),
    ("seasonal", _("Seasonal work")),
    ("home_work", _("Work at home")),
    ("freelance", _("Freelance")),
    ("other", pgettext_lazy("job", "Other")),
]

FORMS = [
    ("employed", _("Employed")),
    ("own_business", _("Own business")),
    ("flexible", _("Flexible work")),
    ("public_post", _("Public-welfare post")),
]

CHANNELS = [
    ("own", _("Found it alone")),
    ("relatives", _("Through relatives or friends")),
    ("government", _("Organized by the government")),
    ("broker", _("Labor broker")),
    ("point", _("Cooperation point")),
    ("agency", _("Agency")),
    ("other", pgettext_lazy("channel", "Other")),
]
ORGANIZED = {"government", "agency", "broker", "point"}

PAY_BANDS = [
    ("under_2000", _("Under 2,000")),
    ("2000_3999", _("2,000–3,999")),
    ("4000_5999", _("4,000–5,999")),
    ("6000_7999", _("6,000–7,999")),
    ("8000_up", _("8,000 and more")),
]

REASONS = [
    ("festival", _("Festival or family visit")),
    ("season_over", _("Season over or farm work")),
    ("laid_off", _("Laid off, or the firm stopped")),
    ("contract_over", _("Contract over")),
    ("low_or_unpaid", _("Low or unpaid wages")),
    ("family", _("To look after the family")),
    ("illness", _("Illness or injury")),
    ("own_business", _("To start a business at home")),
    ("other", pgettext_lazy("reason", "Other")),
]

PLANS = [
    ("seeking", _("Looks for work")),
    ("local_work", _("Works near home")),
    ("own_business", _("Runs a business at home")),
    ("farming", _("Farms")),
    ("training", _("In training")),
    ("not_seeking", _("Does not look for work")),
]

SOURCES = [
    ("in_person", _("Told in person")),
    ("family", _("Told by the family")),
    ("visit", _("Home visit")),
    ("phone", _("Phone call")),
    ("wechat", _("WeChat")),
    ("list", _("From a list")),
]

YES_NO_UNKNOWN = [("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))]

REGISTRATION_HOW = [
    ("first", _("First registration")),
    ("moved_in", _("Moved in")),
    ("moved", _("Moved between villages")),
    ("recoded", _("The village got a new code")),
]
LEAVING_HOW = [
    ("died", _("Died")),
    ("left_county", _("Left the county")),
    ("moved", _("Moved to another village")),
    ("recoded", _("The village got a new code")),
]

MOVE_REASONS = [
    ("marriage", _("Marriage")),
    ("resettlement", _("Resettlement")),
    ("household_split", _("The household split")),
    ("returned", _("Came back to the old village")),
    ("other", pgettext_lazy("move", "Other")),
]
MOVE_STATES = [
    ("open", _("Waits for an answer")),
    ("confirmed", _("Confirmed")),
    ("refused", pgettext_lazy("move", "Refused")),
    ("withdrawn", _("Withdrawn")),
    # The person died, left the county, was moved or was taken out before anybody answered.
    ("overtaken", _("No longer possible")),
]

AGE_BANDS = [
    ("under_26", _("Under 26")),
    ("26_40", _("26–40")),
    ("41_50", _("41–50")),
    ("51_60", _("51–60")),
    ("over_60", _("Over 60")),
]

OUTCOMES = [
    ("no_change", _("No change")),
    ("new_place", _("New place")),
    ("came_home", _("Came home")),
    ("no_answer", _("No answer")),
    ("wrong_number", _("Wrong number")),
    ("at_home", _("Asked at home")),
]
# After these the ledger is known to be true of the person; after the others nobody was reached.
CONFIRMED = {"no_change", "new_place", "came_home", "at_home"}
UNREACHED = {"no_answer", "wrong_number"}
# Said with one tap, and taken back with one; the others change the ledger and are said with a form.
QUICK = {"no_change", *UNREACHED}

# What somebody who came home is helped with.
NEEDS = [
    ("job", _("A job")),
    ("training", pgettext_lazy("need", "Training")),
    ("loan", _("A loan for a business")),
    ("rights", _("Help with unpaid wages or injury")),
]

# Lists of people: sheets on their way into the ledger, and rosters on their way out.
ROSTER_KINDS = [
    ("workers", _("Workers and households")), ("transfers", _("Departures and homecomings")),
    ("ledger", _("Workers with their departures")),
]
SHEET_KINDS = [
    *ROSTER_KINDS, ("groups", _("Counts, not yet named")), ("brokers", _("Labor brokers")),
    ("members", _("Members of the association")), ("courses", _("Courses of brokers")), ("payments", _("Pay of brokers")),
]
# What may need a second person before it leaves.
EXPORT_KINDS = [
    *SHEET_KINDS, ("pay_list", _("Pay list for the bank")), ("training", _("List of a course for workers")),
    ("ranking", _("Ranking of brokers")),
]
BATCH_STATES = [
    ("uploaded", _("Uploaded")), ("staging", _("Being read")), ("staged", _("To be checked")),
    ("mending", _("Rows being checked again")), ("committing", _("Being written to the ledger")),
    ("committed", _("Written to the ledger")),
    ("undoing", _("Being undone")), ("failed", _("Failed")), ("canceled", _("Canceled")), ("undone", _("Undone")),
]
VERDICTS = [
    ("new", _("New")), ("changed", _("Changed")), ("same", _("The same")), ("doubt", _("In doubt")), ("wrong", _("Wrong")),
    ("skipped", _("Left out")),
]
# Lists on their way out.
ROSTER_STATES = [("waiting", _("Being written")), ("ready", _("Ready")), ("failed", _("Failed"))]
EXPORT_STATES = [
    ("asked", _("Waits for approval")), ("approved", pgettext_lazy("list", "Approved")), ("refused", _("Not approved")),
    ("written", pgettext_lazy("list", "Written")),
]
ROSTER_TYPES = [("xlsx", _("Workbook (xlsx)")), ("csv", _("Text (csv)"))]
