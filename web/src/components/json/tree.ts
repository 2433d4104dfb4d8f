// JSON as a tree that keeps the text: numbers are never made numbers, so 23 digits, 1.10 and 1e999 stay as they are;
// keys that stand twice stand twice.

/** A value of the tree. Numbers, strings and words are the text as it stands. */
export type Node =
  | { kind: "object"; members: [key: string, value: Node][] }
  | { kind: "array"; items: Node[] }
  | { kind: "string"; text: string; value: string }
  | { kind: "number"; text: string }
  | { kind: "word"; text: string };

/** Where reading ended. */
export class NotJson extends Error {
  constructor(readonly at: number) {
    super(`not JSON at character ${at}`);
  }
}

/** More levels than anything that Forebay stores has (DESIGN: 100). */
const DEPTH = 200;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

/** Reads JSON text (RFC 8259). */
export function parse(text: string): Node {
  const reader = new Reader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): Node {
    this.space();
    const first = this.text[this.at];
    if (depth > DEPTH) throw new NotJson(this.at);
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.string();
    const word = this.match(WORD);
    if (word !== undefined) return { kind: "word", text: word };
    const number = this.match(NUMBER);
    if (number !== undefined) return { kind: "number", text: number };
    throw new NotJson(this.at);
  }

  end(): void {
    this.space();
    if (this.at !== this.text.length) throw new NotJson(this.at);
  }

  private object(depth: number): Node {
    const members: [string, Node][] = [];
    this.sequence("}", () => {
      this.space();
      const key = this.string();
      this.space();
      this.expect(":");
      members.push([key.value, this.value(depth + 1)]);
    });
    return { kind: "object", members };
  }

  private array(depth: number): Node {
    const items: Node[] = [];
    this.sequence("]", () => items.push(this.value(depth + 1)));
    return { kind: "array", items };
  }

  private sequence(close: string, one: () => void): void {
    this.at += 1;
    this.space();
    if (this.text[this.at] === close) {
      this.at += 1;
      return;
    }
    for (;;) {
      one();
      this.space();
      if (this.text[this.at] === close) {
        this.at += 1;
        return;
      }
      this.expect(",");
    }
  }

  private string(): { kind: "string"; text: string; value: string } {
    const text = this.match(STRING);
    if (text === undefined) throw new NotJson(this.at);
    return { kind: "string", text, value: JSON.parse(text) as string };
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private space(): void {
    this.match(SPACE);
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) throw new NotJson(this.at);
    this.at += 1;
  }
}
