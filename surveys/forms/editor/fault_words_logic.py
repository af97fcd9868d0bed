"""Words for problems of numbers, conditions, quotations and measures, and for all warnings."""

from surveys.forms.editor.fault_words import OF_NAMES, OF_SHAPE, Words

_FIX_CONDITION = "Choose an earlier question in the rows of the condition, or correct its text."
_BOUNDS = "Put the smaller first."
_CONSTRUCT = "Choose another construct, or ask for it by another kind of question."

OF_NUMBERS: dict[str, Words] = {
    "bad_number.no_number": ("{field} is “{0}”.", "Write a number."),
    "bad_number.too_large": ("{field} is too large.", "Write a number of 15 digits or fewer."),
    "bad_number.not_whole": ("{field} is {0}.", "Write a whole number from {1} to {2}."),
    "bad_number.order": ("{field} is above the upper bound.", _BOUNDS),
    "bad_number.scale": (
        "The scale runs from {0} to {1}.",
        "Let it run upwards, over {2} steps at most.",
    ),
    "bad_number.total": ("The total is {0}.", "Write a number above 0."),
    "bad_date.order": ("The first date is after the last.", _BOUNDS),
    "bad_date.no_date": ("{field} is “{0}”, which is no such date.", "Write it as {1}."),
    "bad_points.no_point": (
        "The labels name “{0}”, which is no point of the scale from {1} to {2}.",
        "Begin each line with a point of the scale, such as {1} = Not at all.",
    ),
    "bad_points.end": (
        "The point {0}, an end of the scale, has no label.",
        "Add a line for it: {0} = and what it means.",
    ),
    "bad_total.two": (
        "The total is given as a number and as the answer to a question.",
        "Leave one of the two blank.",
    ),
    "bad_total.not_before": (
        "The total is to be the answer to “{0}”, which is not asked before.",
        "Write the name of an earlier question.",
    ),
    "bad_total.without_number": (
        "The total is to be the answer to “{0}”, which is no number.",
        "Write the name of a question that asks for a number.",
    ),
    "bad_roster.kind": (
        "A question about an entry of a roster cannot be of this kind.",
        "{remedy}",
    ),
    "bad_roster.both": (
        "The questions of an entry stand both on pages and without one.",
        "Move all of them to pages, and delete what is left over.",
    ),
    "bad_roster.no_name": (
        "The first question about an entry asks for no text, so that entries have no name.",
        "Ask first for a text, such as the name of the partner.",
    ),
    "bad_roster.unnamed": (
        "Not every entry is asked what it is called.",
        "Take the condition away from its first question and the page of that.",
    ),
    "bad_severity": (
        "A check is neither soft nor hard: “{0}”.",
        "Choose under “Severity” whether it asks to confirm or refuses.",
    ),
}

OF_CONDITIONS: dict[str, Words] = {
    "bad_condition": (
        "The condition “{0}” is not right: {1}.",
        "Correct its text, or choose its rows anew.",
    ),
    "bad_condition:expression": (
        "The calculation “{0}” is not right: {1}.",
        "Write it from names of questions, numbers, + - * / and brackets.",
    ),
    "unknown_item": ("The condition reads “{0}”, which no question is called.", _FIX_CONDITION),
    "unknown_item.frame": ("The condition reads “{0}”, which the frame does not have.", "{remedy}"),
    "unknown_item.last": (
        "The condition reads last wave's answer “{0}”, but no question is called so.",
        "Write last. and the name of a question of this questionnaire.",
    ),
    "unknown_item.edit": (
        "A check speaks at “{0}”, which is not on this page.",
        "Write names of questions of this page, with commas between them.",
    ),
    "unknown_item.edit_of_nothing": (
        "The check “{0}” speaks at no question of this page.",
        "Write the name of the battery, a dot and the code of a row.",
    ),
    "unknown_item.facet": (
        "“Only where” names “{0}”, which is no question above with one answer.",
        "Name a question of the rows that stands above and takes one answer.",
    ),
    "unknown_item.fill": (
        "The text quotes {0}, but there is no such question.",
        "Correct the name behind “answer:”.",
    ),
    "unknown_code": ("The condition asks for the code {1} of “{0}”, which it has not.", "{remedy}"),
    "unknown_code.facet": (
        "“Only where” asks for the code {1} of “{0}”, which it has not.",
        "Name one of its codes.",
    ),
    "reads_ahead": (
        "The condition reads “{0}”, which is asked on this page or later.",
        "Choose a question of an earlier page, or move that question forward.",
    ),
    "reads_ahead.fill": (
        "The text quotes {0}, which is asked on this page or later.",
        "Quote a question of an earlier page, or move that question forward.",
    ),
    "type_mismatch": ("The condition does not fit its questions: {message}", "{remedy}"),
    "type_mismatch.note": (
        "The text quotes {0}, which is a note and has no answer.",
        "Quote a question.",
    ),
    "type_mismatch.roster": (
        "The text quotes {0}, a roster of the last wave, which texts cannot quote.",
        "Quote a question outside of rosters.",
    ),
    "unknown_fill.fill": (
        "The text holds {0}, which stands for nothing.",
        "Write {{firm}}, {{period}}, {{first_year}}, {{last_year}} or {{answer:name_of_question}}.",
    ),
    "unknown_fill.label": (
        "“{0}” is to be filled in, which labels, rows and units cannot be.",
        "Write it out without the braces.",
    ),
}

OF_MEASURES: dict[str, Words] = {
    "unknown_construct": ("There is no construct “{0}”.", "Choose one from the list."),
    "bound_twice": (
        "Another question, “{1}”, measures {0} already.",
        "Take the construct away from one of the two.",
    ),
    "bad_binding.entry": (
        "A question about an entry cannot say what it measures by itself.",
        "Remove it here, and choose the construct at the roster.",
    ),
    "bad_binding.dimensions": (
        "The construct needs to know: {1}. Given is: {0}.",
        "Fill in each of its fields, and leave others blank.",
    ),
    "bad_binding.coordinate": (
        "“{0}” cannot be a value of a field of the construct.",
        "Use lower-case letters, digits and underscores.",
    ),
    "bad_binding.no_facets": (
        "“Which of the questions” is filled in, but this is no battery.",
        "Leave it blank.",
    ),
    "bad_binding.facet": (
        "“Which of the questions” says “{0}”, which is not asked of the rows.",
        "Write one of: {others}.",
    ),
    "bad_binding.facet_missing": (
        "It is not said which of the questions of the rows measures this.",
        "Write its name under “Which of the questions”: {others}.",
    ),
    "bad_binding.codes": (
        "“What the codes count as” names {0}, which is no code of the question.",
        "Begin each line with a code of the question.",
    ),
    "bad_binding.one_answer": (
        "“Each answer” is for questions with several answers or parts; this one has one.",
        "Write a value instead of “each answer”.",
    ),
    "bad_binding.several_answers": (
        "The question has several answers or parts, and it is not said what they differ by.",
        "Choose “each answer” in one of the fields of the construct.",
    ),
    "bad_binding.category": (
        "The construct is a category, which this kind cannot give.",
        _CONSTRUCT,
    ),
    "bad_binding.text": ("The construct is a {0}, which a text cannot give.", _CONSTRUCT),
    "bad_binding.year": ("A year and this kind of question do not go together.", _CONSTRUCT),
    "bad_binding.spread": (
        "Each answer is given or not, but the construct is measured as {0}.",
        _CONSTRUCT,
    ),
    "bad_binding.uncounted": (
        "The construct is {0}, and it is not said what these codes count as: {1}.",
        "Give each a number under “What the codes count as”, one a line: yes = 1.",
    ),
    "bad_binding.roster_counts": (
        "A roster counts its entries; “each answer” and “What the codes count as” do not apply.",
        "Leave both out.",
    ),
    "bad_binding.roster_numbers": ("A roster gives numbers; the construct is {0}.", _CONSTRUCT),
    "bad_binding.roster_choice": (
        "“{0}” is to come from a question about the entry, but that is no single choice.",
        "Choose one of what the field proposes.",
    ),
    "bad_binding.roster_facet": (
        "“{0}” is no question about an entry that gives a number.",
        "Name one that does, or leave it blank to count the entries.",
    ),
}

OF_WARNINGS: dict[str, Words] = {
    "long_name": (
        "In the data the variable is called {0}: {1} characters.",
        "Shorten the name, or the codes of rows; statistical programs keep {2}.",
    ),
    "long_label": (
        "In the data the label “{0}” has {1} characters.",
        "Shorten the question and move detail to the hint; {2} characters are kept.",
    ),
    "unreachable": (
        "No firm can come here: the condition never holds.",
        "Correct the condition, or delete what no firm is asked.",
    ),
    "unused_codes": ("No question uses the list “{0}”.", "Use it, or remove it."),
    "missing_translations": (
        "Texts without a translation: {1}.",
        "Translate them; until then firms read the author's text.",
    ),
    "outdated_translations": (
        "Texts that have changed since they were translated: {1}.",
        "Look them through, and change or confirm them.",
    ),
    "leftover_translations": (
        "Translations of texts that are no longer there: {1}.",
        "They harm nobody; to take them out, download, change and upload the draft under “Files”.",
    ),
    "double_barrelled": (
        "The question must be answered and may ask two things, joined by “{0}”.",
        "Ask one thing at a time, or accept a blank.",
    ),
    "long_battery": (
        "All {0} rows are asked of every firm.",
        "Choose “First which rows apply” under “Shown as”.",
    ),
    "mandatory_opinion": (
        "A firm without an opinion must give one to go on.",
        "Accept a blank, or offer “Don't know”.",
    ),
    "required_hard": (
        "A firm that does not know cannot go on, and may stop here or invent an answer.",
        "Choose “Asked about once”, or offer “Don't know”.",
    ),
    "crowded_page": (
        "The page asks {0} questions at once.",
        "Spread them over pages of {1} at most.",
    ),
    "edit_without_value": (
        "The message “{0}” does not say what the firm answered.",
        "Quote the answer in it: {{answer:name_of_question}}.",
    ),
    "no_period": (
        "The question does not say which year or period it is about.",
        "Write {{period}} or {{last_year}} into it, or give it a period of its own below.",
    ),
}

WORDS: dict[str, Words] = (
    OF_SHAPE | OF_NAMES | OF_NUMBERS | OF_CONDITIONS | OF_MEASURES | OF_WARNINGS
)
