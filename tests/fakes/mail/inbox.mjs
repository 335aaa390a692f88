// The messages that have come, in the order they came, by whichever way; read back by mailparser, which shares nothing with what wrote them.
import { simpleParser } from "mailparser";

export class Inbox {
  #messages = [];
  #waiting = new Set();

  /** Keeps a message that came by SMTP. */
  async takeMime(raw, { via, user, envelope }) {
    const mail = await simpleParser(raw);
    this.#keep({
      via,
      user,
      envelope,
      headers: Object.fromEntries(mail.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(":") + 1).replace(/\r?\n[ \t]+/g, " ").trim()])),
      message_id: mail.messageId,
      subject: mail.subject,
      from: addresses(mail.from),
      to: addresses(mail.to),
      reply_to: addresses(mail.replyTo),
      text: mail.text,
      html: mail.html || undefined,
      attachments: mail.attachments.map(({ filename, contentType, content, headers }) => ({
        filename,
        content_type: contentType,
        parameters: headers.get("content-type")?.params ?? {},
        text: content.toString("utf8"),
      })),
      raw: raw.toString("utf8"),
    });
  }

  /** Keeps a message that came as the JSON of an HTTP API, with the header lines that came with it. */
  takeJson(body, { user, key }) {
    const list = (value) => (value === undefined ? [] : [value].flat());
    const headers = Object.fromEntries(Object.entries(body.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    this.#keep({
      via: "http",
      user,
      idempotency_key: key,
      envelope: { from: body.from, to: [...list(body.to), ...list(body.cc), ...list(body.bcc)] },
      headers,
      message_id: headers["message-id"],
      subject: body.subject,
      from: list(body.from),
      to: list(body.to),
      reply_to: list(body.reply_to),
      text: body.text,
      html: body.html,
      attachments: list(body.attachments).map(({ filename, content, content_type }) => ({
        filename,
        content_type: content_type?.split(";")[0],
        parameters: Object.fromEntries([...(content_type ?? "").matchAll(/;\s*([\w-]+)="?([^";]*)"?/g)].map(([, name, value]) => [name, value])),
        text: Buffer.from(content ?? "", "base64").toString("utf8"),
      })),
      raw: JSON.stringify(body),
    });
  }

  /** Those for `to` (all, if absent) whose subject has `subject` in it. */
  find({ to, subject } = {}) {
    return this.#messages.filter((mail) => (!to || mail.envelope.to.includes(to)) && (!subject || mail.subject?.includes(subject)));
  }

  /** Those of `find` as soon as there are `count`, or whatever there is when `within_ms` have passed. */
  wait(filter, count, within_ms) {
    return new Promise((resolve) => {
      const look = (last) => {
        const found = this.find(filter);
        if (found.length < count && !last) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => look(true), within_ms);
      this.#waiting.add(look);
      look(false);
    });
  }

  clear() {
    this.#messages = [];
  }

  #keep(message) {
    this.#messages.push({ number: this.#messages.length + 1, ...message });
    for (const look of [...this.#waiting]) look(false);
  }
}

function addresses(field) {
  return [field ?? []].flat().flatMap(({ value }) => value.map(({ name, address }) => (name ? `${name} <${address}>` : address)));
}
