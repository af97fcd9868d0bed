// Conditions and expressions in the browser, as surveys/questionnaire/{conditions,expressions,
// lookups}.py have them; the trees are those of condition_json.py. Both sides are held together
// by tests/conformance. Nothing here is made from text and run.
//
// MilieuConditions.weigh(tree, answers, open) gives a verdict: 0 no, 1 does not apply, 2 open,
// 3 yes. `open` is an array or Set of names of items left blank. MilieuConditions.value(tree,
// answers) gives a number, a text, a list or null.
var MilieuConditions = (() => {
  "use strict";

  const NO = 0;
  const DOES_NOT_APPLY = 1;
  const OPEN = 2;
  const YES = 3;
  const REASONS = ["dont_know", "refused", "not_applicable"];
  const DATE = /^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$/;

  // Answers

  const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
  const isMapping = (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const isNothing = (value) => value === null || value === undefined || value === "";

  function isStatedMissing(answer) {
    return (
      isMapping(answer) && Object.keys(answer).length === 1 && has(answer, "missing") &&
      REASONS.includes(answer.missing)
    );
  }

  function isBlank(answer) {
    if (isMapping(answer)) {
      if (has(answer, "amount")) return answer.amount === null;
      return isStatedMissing(answer) || Object.values(answer).every(isBlank);
    }
    return isNothing(answer) || (Array.isArray(answer) && answer.length === 0);
  }

  // Every way to read a reference as a holder and what is in it, the longest holder first.
  function splits(reference) {
    const words = reference.split(".");
    const ways = [];
    for (let place = words.length - 1; place > 0; place -= 1) {
      ways.push([words.slice(0, place).join("."), words.slice(place).join(".")]);
    }
    return ways;
  }

  function plain(answer) {
    if (!isMapping(answer)) return answer;
    if (has(answer, "amount")) return answer.amount;
    return isStatedMissing(answer) ? null : answer;
  }

  function lookUp(answers, reference) {
    if (has(answers, reference)) return plain(answers[reference]);
    for (const [holder, rest] of splits(reference)) {
      if (has(answers, holder)) return within(answers[holder], rest);
    }
    return null;
  }

  function within(holder, rest) {
    if (Array.isArray(holder)) return overEntries(holder, rest);
    return isMapping(holder) && !isStatedMissing(holder) ? lookUp(holder, rest) : null;
  }

  function overEntries(entries, rest) {
    const said = [];
    for (const entry of entries) {
      if (!isMapping(entry)) return null;
      const value = lookUp(entry, rest);
      if (Array.isArray(value)) said.push(...value);
      else if (!isBlank(value)) said.push(value);
    }
    return said;
  }

  const finite = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

  // Expressions

  function value(tree, answers) {
    if (has(tree, "number")) return tree.number;
    if (has(tree, "text")) return tree.text;
    if (has(tree, "answer")) return lookUp(answers, tree.answer);
    if (has(tree, "count")) return count(tree.count, answers);
    if (has(tree, "arithmetic")) return arithmetic(tree, answers);
    if (has(tree, "if")) return either(tree, answers);
    if (has(tree, "round") || has(tree, "abs")) return ofOne(tree, answers);
    return gathered(tree, answers);
  }

  // A roster that was closed empty has no entries; no tick at all is null, not [].
  function count(reference, answers) {
    const answer = lookUp(answers, reference);
    if (!Array.isArray(answer) || (answer.length === 0 && !has(answers, reference))) return null;
    return answer.filter((each) => !isBlank(each)).length;
  }

  function arithmetic(tree, answers) {
    const left = finite(value(tree.left, answers));
    const right = finite(value(tree.right, answers));
    if (left === null || right === null) return null;
    switch (tree.arithmetic) {
      case "+": return finite(left + right);
      case "-": return finite(left - right);
      case "*": return finite(left * right);
      case "/": return right === 0 ? null : finite(left / right);
      default: throw new TypeError(`${tree.arithmetic} is no operator`);
    }
  }

  function ofOne(tree, answers) {
    const number = finite(value(has(tree, "abs") ? tree.abs : tree.round, answers));
    if (number === null) return null;
    return has(tree, "abs") ? Math.abs(number) : roundHalfAway(number, tree.decimals);
  }

  // The shortest decimal text of the number is rounded, halves away from zero, as in Python.
  function roundHalfAway(number, decimals) {
    const [mantissa, exponent] = Math.abs(number).toExponential().split("e");
    const digits = mantissa.replace(".", "");
    const kept = Number(exponent) + 1 + decimals; // how many of the digits stay
    if (kept >= digits.length) return number;
    if (kept < 0) return number < 0 ? -0 : 0;
    const up = digits.charCodeAt(kept) >= "5".charCodeAt(0);
    const whole = BigInt(digits.slice(0, kept) || "0") + (up ? 1n : 0n);
    const rounded = Number(`${whole}e${-decimals}`);
    return number < 0 ? -rounded : rounded;
  }

  function gathered(tree, answers) {
    const [name] = Object.keys(tree);
    const numbers = tree[name]
      .flatMap((each) => value(each, answers))
      .filter((each) => finite(each) !== null);
    if (numbers.length === 0) return null;
    switch (name) {
      case "sum": return finite(numbers.reduce((total, number) => total + number, 0));
      case "min": return numbers.reduce((least, number) => (number < least ? number : least));
      case "max": return numbers.reduce((most, number) => (number > most ? number : most));
      default: throw new TypeError(`${name} is no expression`);
    }
  }

  function either(tree, answers) {
    const verdict = weigh(tree.if, answers);
    if (verdict === YES) return value(tree.then, answers);
    return verdict === NO ? value(tree.else, answers) : null;
  }

  // Conditions

  function weigh(tree, answers, open) {
    return verdictOn(tree, answers, new Set(open || []));
  }

  function verdictOn(tree, answers, open) {
    if (has(tree, "always")) return YES;
    if (has(tree, "answered")) return yesOrNo(!isBlank(lookUp(answers, tree.answered)));
    if (has(tree, "chose")) return chose(tree, answers, open);
    if (has(tree, "compare")) return compares(tree, answers, open);
    if (has(tree, "all")) return Math.min(...tree.all.map((each) => verdictOn(each, answers, open)));
    if (has(tree, "any")) return Math.max(...tree.any.map((each) => verdictOn(each, answers, open)));
    if (has(tree, "not")) return opposite(verdictOn(tree.not, answers, open));
    throw new TypeError(`${Object.keys(tree)} is no condition`);
  }

  const yesOrNo = (says) => (says ? YES : NO);

  function opposite(verdict) {
    if (verdict === YES) return NO;
    return verdict === NO ? YES : verdict;
  }

  function chose(tree, answers, open) {
    const answer = lookUp(answers, tree.chose);
    if (isBlank(answer)) return withoutAnswers([tree.chose], answers, open);
    const chosen = Array.isArray(answer) ? answer : [answer];
    return yesOrNo(chosen.some((code) => tree.codes.includes(code)));
  }

  function compares(tree, answers, open) {
    const says = compare(tree.compare, value(tree.left, answers), value(tree.right, answers));
    return says === null ? withoutAnswers(reads(tree), answers, open) : yesOrNo(says);
  }

  function compare(comparator, left, right) {
    if (typeof left === "string" && typeof right === "string") {
      const ordered = DATE.test(left) && DATE.test(right);
      if (left === "" || right === "") return null;
      if (comparator !== "=" && comparator !== "!=" && !ordered) return null;
    } else if (finite(left) === null || finite(right) === null) {
      return null;
    }
    switch (comparator) {
      case "=": return left === right;
      case "!=": return left !== right;
      case "<": return left < right;
      case "<=": return left <= right;
      case ">": return left > right;
      case ">=": return left >= right;
      default: throw new TypeError(`${comparator} is no comparison`);
    }
  }

  // The references of a condition or an expression, in any order, some perhaps twice.
  function reads(tree) {
    for (const name of ["answer", "answered", "chose", "count"]) {
      if (has(tree, name)) return [tree[name]];
    }
    const parts = Object.values(tree).flat();
    return parts.filter(isMapping).flatMap(reads);
  }

  function withoutAnswers(references, answers, open) {
    const blanks = references.filter((name) => isBlank(lookUp(answers, name)));
    const isOpen = (name) =>
      open.has(name) || splits(name).some(([holder]) => open.has(holder));
    return blanks.length > 0 && blanks.every(isOpen) ? OPEN : DOES_NOT_APPLY;
  }

  return Object.freeze({ weigh, value });
})();
