import type CommandStack from "diagram-js/lib/command/CommandStack";
import type EventBus from "diagram-js/lib/core/EventBus";
import type { Services } from "./make";
import { together } from "./together";

/** Follows the steps of undo: what is saved, and which steps belong to one act. */
export class Edits {
  private at = 0;
  /** The step that is saved; -1 where none of those that can be reached is. */
  private saved = 0;
  private typing: string | undefined;
  private own = false;

  constructor(private readonly services: Services) {
    services.get<EventBus>("eventBus").on("commandStack.changed", ({ trigger }: { trigger: string }) => this.follow(trigger));
  }

  /** Whether there is something that is not saved. */
  get dirty(): boolean {
    return this.at !== this.saved;
  }

  /**
   * Changes something. Changes with the same key one after the other are one step: a name that is typed letter by
   * letter is undone as a whole.
   */
  run(key: string, act: () => void): void {
    const commands = this.services.get<CommandStack>("commandStack");
    this.own = true;
    try {
      if (this.typing === key) commands.undo();
      together(this.services, act);
      this.typing = key;
    } finally {
      this.own = false;
    }
  }

  /** What is typed next is a step of its own. */
  end(): void {
    this.typing = undefined;
  }

  /** As it is now, it is saved. */
  keep(): void {
    this.end();
    this.saved = this.at;
  }

  /** Another file was read. */
  reset(): void {
    this.end();
    this.at = 0;
    this.saved = 0;
  }

  /** Nothing of it is saved: it came from a file or a crash. */
  foreign(): void {
    this.saved = -1;
  }

  private follow(trigger: string): void {
    if (!this.own) this.typing = undefined;
    if (trigger === "clear") {
      this.at = 0;
      this.saved = 0;
    } else if (trigger === "undo") {
      this.at -= 1;
    } else {
      // what was saved further on can be reached no more
      if (trigger === "execute" && this.saved > this.at) this.saved = -1;
      this.at += 1;
    }
  }
}
