import type CommandStack from "diagram-js/lib/command/CommandStack";
import type { Services } from "./make";

const NAME = "forebay.together";

/** Several changes as one step of undo. */
export function together(services: Services, act: () => void): void {
  services.get<CommandStack>("commandStack").execute(NAME, { act });
}

/** Changes made in `preExecute` belong to the command around them. */
class Together {
  preExecute({ act }: { act: () => void }): void {
    act();
  }
}

function register(commands: CommandStack): void {
  commands.registerHandler(NAME, Together as never);
}
register.$inject = ["commandStack"];

/** For `additionalModules`. */
export const TOGETHER = { __init__: ["forebayTogether"], forebayTogether: ["type", register] };
