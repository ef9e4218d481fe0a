// Saves every answer when it is given. A page that says "Saved" says so only because the server answered with what it
// stored. What the server has not confirmed is kept in this browser and sent again, also after signing in again.

import { isHalfWay, isTouched, put, said } from "./fields.js";

const RETRY_AFTER_MS = [1000, 2000, 5000, 10000, 20000];
const GIVE_UP_WAITING_MS = 15000;
const KEEP_FOR_MS = 24 * 3600 * 1000;
const WAIT_BEFORE_LEAVING_MS = 4000;
const PAUSE_IN_WRITING_MS = 1200;

function start(form) {
  const outbox = new Outbox(`weshare:${form.dataset.sheet}`);
  const saver = new Saver(form, outbox);
  const questionOf = (event) => event.target.closest("[data-item]");
  form.addEventListener("change", (event) => {
    const question = questionOf(event);
    // A date or an order that is still being put together is left in peace until the person goes on.
    if (question && !isHalfWay(question)) saver.given(question);
  });
  form.addEventListener("input", (event) => {
    const question = questionOf(event);
    if (question?.dataset.kind === "text") saver.written(question);
  });
  form.addEventListener("focusout", (event) => {
    const question = questionOf(event);
    // Later, because a line that is moved loses the focus for a moment and has it back.
    setTimeout(() => {
      if (question && !question.contains(document.activeElement) && isHalfWay(question)) saver.given(question);
    });
  });
  let isLeaving = false;
  form.addEventListener("submit", async (event) => {
    if (isLeaving) {
      event.preventDefault();
      return;
    }
    if (saver.isIdle()) {
      isLeaving = true;
      return;
    }
    // The form carries every answer of the page itself, so leaving is safe even if the save under way fails.
    event.preventDefault();
    await saver.idle(WAIT_BEFORE_LEAVING_MS);
    isLeaving = true;
    HTMLFormElement.prototype.submit.call(withButton(form, event.submitter));
  });
  window.addEventListener("pageshow", (event) => {
    isLeaving = false;
    // A page out of the back-forward cache may show answers that have changed since.
    if (event.persisted) window.location.reload();
  });
  saver.catchUp();
  saver.resume();
}

function withButton(form, button) {
  if (button) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = button.name;
    field.value = button.value;
    form.append(field);
  }
  return form;
}

// What this browser has not yet heard back about, by item.
class Outbox {
  constructor(key) {
    this.key = key;
  }

  all() {
    try {
      const waiting = JSON.parse(localStorage.getItem(this.key)) ?? {};
      const since = Date.now() - KEEP_FOR_MS;
      return Object.fromEntries(Object.entries(waiting).filter(([, save]) => save.at > since));
    } catch {
      return {};
    }
  }

  put(item, save) {
    this.#store({ ...this.all(), [item]: save });
  }

  remove(item, requestId) {
    const waiting = this.all();
    if (waiting[item]?.requestId === requestId) delete waiting[item];
    this.#store(waiting);
  }

  #store(waiting) {
    try {
      if (Object.keys(waiting).length) localStorage.setItem(this.key, JSON.stringify(waiting));
      else localStorage.removeItem(this.key);
    } catch {
      // A browser without storage still saves; it only forgets what was under way when the page closes.
    }
  }
}

class Saver {
  #form;
  #outbox;
  #queue = new Map();
  #isBusy = false;
  #failures = 0;
  #timer = null;
  #pause = null;
  #sent = new Map();

  constructor(form, outbox) {
    this.#form = form;
    this.#outbox = outbox;
    window.addEventListener("online", () => this.#retryNow());
  }

  given(question) {
    this.#queueUp(question);
    this.#retryNow();
  }

  // Kept in this browser with every letter, sent when the writing pauses.
  written(question) {
    this.#queueUp(question);
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#retryNow(), PAUSE_IN_WRITING_MS);
  }

  #queueUp(question) {
    const item = question.dataset.item;
    const { value, declined } = said(question);
    const waiting = this.#queue.get(item);
    const same = waiting ?? this.#sent.get(item);
    if (same?.value === value && same.declined === declined) return;
    const requestId = crypto.randomUUID?.() ?? randomId();
    const save = { value, declined, seen: this.#seen(item), requestId, at: Date.now() };
    // The server may have stored an earlier try whose answer never arrived: that is no other window's doing.
    save.follows = Boolean(waiting?.isTried);
    this.#outbox.put(item, save);
    this.#queue.set(item, save);
    this.#say(item, "saving");
  }

  // On a slow line an answer may be given before this script has arrived: it is saved now, as any other.
  catchUp() {
    for (const question of this.#form.querySelectorAll("[data-item]")) {
      if (isTouched(question) && !isHalfWay(question)) this.#queueUp(question);
    }
  }

  // Go on with what an earlier page of this browser has not heard back about; what is said on this one is newer.
  resume() {
    for (const [item, save] of Object.entries(this.#outbox.all())) {
      if (this.#queue.has(item)) continue;
      this.#queue.set(item, { ...save, isOld: true });
      const question = this.#form.querySelector(`[data-item="${CSS.escape(item)}"]`);
      if (question) put(question, save);
    }
    this.#retryNow();
  }

  isIdle() {
    return !this.#isBusy && this.#queue.size === 0;
  }

  async idle(atMostMs) {
    const until = Date.now() + atMostMs;
    while (!this.isIdle() && Date.now() < until) await pause(50);
  }

  #retryNow() {
    clearTimeout(this.#timer);
    this.#work();
  }

  async #work() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#queue.size) {
        const [item, save] = this.#queue.entries().next().value;
        const outcome = await this.#send(item, save);
        if (outcome === "later") {
          this.#failures += 1;
          const wait = RETRY_AFTER_MS[Math.min(this.#failures, RETRY_AFTER_MS.length) - 1];
          this.#timer = setTimeout(() => this.#work(), wait);
          return;
        }
        if (outcome === "wait") return;
        this.#failures = 0;
        this.#outbox.remove(item, save.requestId);
        // The person may have changed the answer while it was on its way: then the newer one still waits.
        if (this.#queue.get(item) === save) this.#queue.delete(item);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  async #send(item, save, isSecondTry = false) {
    let response;
    let answer;
    save.isTried = true;
    try {
      response = await fetch(this.#form.dataset.saveUrl, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": this.#form.elements.csrf_token.value,
        },
        body: JSON.stringify({
          item,
          value: save.value,
          declined: save.declined === true,
          seen: save.seen,
          request_id: save.requestId,
          is_old: save.isOld === true,
        }),
        credentials: "same-origin",
        redirect: "error",
        signal: AbortSignal.timeout(GIVE_UP_WAITING_MS),
      });
      answer = await response.json();
    } catch {
      this.#say(item, "retrying");
      return "later";
    }
    if (response.ok) return this.#confirmed(item, save, answer);
    return this.#refused(item, save, response, answer, isSecondTry);
  }

  #confirmed(item, save, answer) {
    // What is stored may be written in another way ("72,50" is 72.5), so the answer says to which request it belongs.
    const isOurs = answer.item === item && answer.request_id === save.requestId;
    if (!isOurs || answer.declined !== (save.declined === true) || !Number.isInteger(answer.revision)) {
      this.#say(item, "retrying");
      return "later";
    }
    const seen = this.#form.elements[`seen-${item}`];
    if (seen) seen.value = String(answer.revision);
    this.#sent.set(item, save);
    const newer = this.#queue.get(item);
    if (newer && newer !== save) newer.seen = answer.revision;
    this.#say(item, answer.conflict && !save.follows ? "conflict" : "saved");
    return "done";
  }

  async #refused(item, save, response, answer, isSecondTry) {
    if (answer.csrf_token) this.#newToken(answer.csrf_token);
    if (answer.error === "stale-page" && !isSecondTry) return this.#send(item, save, true);
    if (response.status === 401) {
      this.#sayWithLink(item);
      return "wait";
    }
    if (response.status >= 500 || response.status === 429) {
      this.#say(item, "retrying");
      return "later";
    }
    // Said no for good: sent already, closed, or not a possible answer.
    this.#show(item, answer.message ?? "", "failed");
    return "done";
  }

  #newToken(token) {
    for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
  }

  #seen(item) {
    return this.#form.elements[`seen-${item}`]?.value ?? "0";
  }

  #say(item, state) {
    this.#show(item, this.#form.dataset[state], state);
  }

  #show(item, text, state) {
    const place = document.querySelector(`[data-item="${CSS.escape(item)}"] .save-status`);
    if (!place) return;
    place.dataset.state = state;
    // Said once: the same words put there again would be read out again with every letter.
    if (place.textContent !== text) place.textContent = text;
  }

  #sayWithLink(item) {
    this.#show(item, this.#form.dataset.signedOut, "failed");
    const place = document.querySelector(`[data-item="${CSS.escape(item)}"] .save-status`);
    if (!place) return;
    const link = document.createElement("a");
    link.href = this.#form.dataset.signInUrl;
    link.textContent = this.#form.dataset.signIn;
    place.append(" ", link);
  }
}

function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

// Last, because classes exist only once their definition has been passed.
const form = document.querySelector("form[data-questionnaire]");
if (form) start(form);
