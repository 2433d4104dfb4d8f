const BROWSERS: [sign: RegExp, name: string][] = [
  [/\bEdg\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\//, "Firefox"],
  [/\b(Chrome|Chromium|HeadlessChrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
  [/^curl\//, "curl"],
];

const SYSTEMS: [sign: RegExp, name: string][] = [
  [/\bAndroid\b/, "Android"],
  [/\b(iPhone|iPad)\b/, "iOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

/** What a browser says it is, in a few words; what is not known stays as it is. */
export function browserName(agent: string | null): string {
  if (!agent) return "Unknown browser";
  const browser = named(BROWSERS, agent);
  const system = named(SYSTEMS, agent);
  if (!browser) return agent;
  return system ? `${browser} on ${system}` : browser;
}

function named(list: [RegExp, string][], agent: string): string | undefined {
  return list.find(([sign]) => sign.test(agent))?.[1];
}
