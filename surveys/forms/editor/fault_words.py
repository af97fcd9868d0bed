"""What the compiler objects to, said to someone who sees a form.

By code, or by code and finer kind; ``code:key`` where a field has words of its own. In the
sentences `field` is what the form calls the field, the numbers are what the problem names,
`others` all of these but the first, and `message` and `remedy` are the compiler's own.
"""

Words = tuple[str, str]
"""What is wrong, and what to do."""

_FILES = "download the draft under “Files”, correct it there, and upload it"
IN_THE_FILE = f"To correct it, {_FILES}."
_ANEW = "Write it again here and save."
_RENAME = "Give one of the two another name."

OF_SHAPE: dict[str, Words] = {
    "not_yaml": (
        "The file cannot be read as YAML.",
        "Correct it, or upload the questionnaire in another format.",
    ),
    "not_plain": (
        "It holds a character or a number that cannot be kept, or lists too deep in each other.",
        "Write it again in plain letters and numbers.",
    ),
    "too_large": (
        "The questionnaire has {0} characters; the most is {1}.",
        "Shorten its texts, or make two questionnaires of it.",
    ),
    "too_large.list": (
        "A long list of codes has {0} entries; the most is {1}.",
        f"Shorten it: {_FILES}.",
    ),
    "wrong_shape.not_text": ("{field} does not hold one text.", _ANEW),
    "wrong_shape.too_long": ("{field} has {0} characters.", "Shorten it to {1} or fewer."),
    "wrong_shape.not_yes_no": (
        "{field} is “{0}”, which is neither yes nor no.",
        "Tick it and save; untick it again if it does not apply.",
    ),
    "wrong_shape.not_offered": (
        "{field} is “{0}”, which cannot be chosen.",
        "Choose one of what is offered and save.",
    ),
    "wrong_shape.not_pairs": ("{field} does not hold pairs.", "Write one pair a line, with =."),
    "wrong_shape.not_words": (
        "{field} does not hold a list of names.",
        "Write the names, with commas between them.",
    ),
    "wrong_shape.not_rows": ("{field} does not hold rows.", "Write its rows again here and save."),
    "wrong_shape.groups_not_here": (
        "There are groups of rows, but the rows are not shown in groups.",
        "Choose “Pages of groups” under “Shown as”, or remove the groups.",
    ),
    "wrong_shape.filter_only": (
        "{field} is for batteries that ask first which rows apply; this one does not.",
        "Choose “First which rows apply” under “Shown as”, or leave {field} blank.",
    ),
    "wrong_shape.number_only": (
        "A question of the rows has bounds, decimals or a unit, but its answers are no numbers.",
        "Choose “numbers” under “Answers”.",
    ),
    "wrong_shape.facet_when": (
        "“Only where” does not name one earlier question of the rows with its codes.",
        "Write the name of one question above and the codes that open this one: used = yes.",
    ),
    "wrong_shape.binding": (
        "What the answer measures is not complete.",
        "Choose the construct again, fill in its fields and save.",
    ),
    "wrong_shape.lookup": (
        "“{0}” names no code list.",
        "Write the name and the version of a list, such as nace@2.1.",
    ),
    "wrong_shape.specify": (
        "The code {0} asks the firm to specify, which only a code of a choice can do.",
        "Take codes without “Specify” here.",
    ),
    "wrong_shape.version": (
        "The version is kept as a number, which loses zeros at its end.",
        "Write another version, such as 1.1, and save.",
    ),
    "wrong_shape.shares_page": (
        "A battery or a roster shares its page with other questions.",
        "Add a page, and move the battery or roster, or the others, to it with “Move to”.",
    ),
    "wrong_shape.languages": (
        "{field} does not hold a list of languages.",
        "Write the author's language first, then the others: en, nb.",
    ),
    "wrong_shape.author_language": (
        "The language of the texts does not stand first under “All languages”.",
        "Put it first there.",
    ),
    "wrong_shape.translations": (
        "The translations cannot be read.",
        f"To mend them, {_FILES}.",
    ),
    "wrong_shape.translation": (
        "A translation cannot be read.",
        "Write it again under “Translations” and save.",
    ),
    "missing_key": ("{field} is blank.", "Fill it in and save."),
    "missing_key:kind": (
        "It is not said what kind of question this is.",
        "Choose a kind above and press “Change to this kind”.",
    ),
    "missing_key:sections": ("There is no section yet.", "Press “Add a section at the end”."),
    "missing_key:pages": ("There is no page here yet.", "Press “Add a page”."),
    "missing_key:items": ("There is no question here yet.", "Press “Add a question”."),
    "missing_key:construct": (
        "What the answer measures is begun, but no construct is chosen.",
        "Choose the construct, or remove the row.",
    ),
    "missing_key:groups": (
        "The rows are to be shown in groups, but there is no group.",
        "Add groups, or choose another way under “Shown as”.",
    ),
    "missing_key:facets": (
        "Nothing is asked of the rows yet.",
        "Add a question under “Questions asked of every row”.",
    ),
    "unknown_key": (
        "It has an entry “{0}” that questionnaires do not have.",
        f"Take it out: {_FILES}.",
    ),
    "unknown_kind": (
        "“{0}” is no kind of question.",
        "Choose a kind above and press “Change to this kind”.",
    ),
    "empty.instrument": ("There is no section yet.", "Press “Add a section at the end”."),
    "empty.section": (
        "The section has no page.",
        "Press “Add a page”, or delete the section.",
    ),
    "empty.page": ("The page has no question.", "Press “Add a question”, or delete the page."),
    "empty.roster": (
        "Nothing is asked about an entry of the roster.",
        "Press “Add a question”, and ask first what the entry is called.",
    ),
}

OF_NAMES: dict[str, Words] = {
    "bad_name.name": (
        "“{0}” cannot be a name.",
        "Use lower-case letters, digits and underscores, a letter first, 60 at most.",
    ),
    "bad_name.slug": (
        "“{0}” cannot be a short name.",
        "Use lower-case letters, digits and hyphens, a letter first, 60 at most.",
    ),
    "bad_name.code": (
        "“{0}” cannot be a code.",
        "Use lower-case letters, digits and underscores, 60 at most.",
    ),
    "bad_name.listed": (
        "“{0}” cannot be a code of a long list.",
        "Use letters, digits, dots, hyphens and underscores, 40 at most.",
    ),
    "bad_name.reserved": (
        "“{0}” is a name that the platform keeps for itself.",
        "Choose another name.",
    ),
    "duplicate_name.section": ("Two sections are called “{0}”.", _RENAME),
    "duplicate_name.page": ("Two pages are called “{0}”.", _RENAME),
    "duplicate_name.item": ("Two questions are called “{0}”.", _RENAME),
    "duplicate_name.edit": ("Two checks of this page are called “{0}”.", _RENAME),
    "duplicate_name.facet": ("Two questions of the rows are called “{0}”.", _RENAME),
    "duplicate_name.code": ("The code {0} stands twice.", "Give each row a code of its own."),
    "duplicate_name.listed": (
        "The code {0} stands twice in a long list.",
        f"Give each entry a code of its own: {_FILES}.",
    ),
    "duplicate_name.list": (
        "The long list {0} stands twice with the version {1}.",
        f"Take one out: {_FILES}.",
    ),
    "duplicate_name.shared": (
        "The questionnaire has another list called “{0}”, with other codes.",
        "Rename that list under “Settings and shared codes”, then try once more.",
    ),
    "duplicate_name.reserved_row": (
        "The code {0} is taken by the question which rows apply.",
        "Give the row another code, or choose another way under “Shown as”.",
    ),
    "duplicate_name.reserved_group": (
        "The name {0} is taken by the page that asks which rows apply.",
        "Give the group another name.",
    ),
    "unknown_codes": (
        "There is no shared list of codes called “{0}”.",
        "Choose another list, or add this one under “Settings and shared codes”.",
    ),
    "unknown_list": (
        "There is no long list {0} on this platform.",
        "Name one that is there, such as nace@2.1, or have it uploaded under “Code lists”.",
    ),
    "unknown_code.parent": (
        "The code above {0} in a long list, {1}, is not in it.",
        f"Correct it: {_FILES}.",
    ),
    "too_few_codes": (
        "{field} needs {1} or more; there is {0}.",
        "Add what is missing, each with a code and a label.",
    ),
    "bad_groups.not_once": (
        "The groups do not hold every row once.",
        "Place each of these rows in one group: {all}.",
    ),
    "bad_groups.row_title": (
        "The row {0} has a title of its page, but shares its page with other rows.",
        "Leave the title blank, or choose “Page per row” under “Shown as”.",
    ),
    "bad_translation.tag": (
        "“{0}” is not the tag of a language.",
        "Write a tag such as en, nb or de-AT.",
    ),
    "bad_translation.language": (
        "There are translations to “{0}”, which is not among the languages.",
        "Add it to “All languages” in the settings, behind the author's language.",
    ),
    "bad_translation.fills": (
        "The translation does not fill in what the text fills in.",
        "Use {0} in it, as the text does.",
    ),
    "unknown_language.file": (
        "The questionnaire has no language “{0}”.",
        "Add it to “All languages” in the settings.",
    ),
    "unknown_language.module": (
        "Its texts are written in “{0}”, those of the questionnaire in “{1}”.",
        "Choose modules whose author's language is that of the questionnaire.",
    ),
    "missing_module": ("It needs the module “{0}”, which is not there.", "Choose “{0}”, too."),
    "unknown_item.section": (
        "There is no section “{0}” any more.",
        "Choose a section that is there.",
    ),
}
