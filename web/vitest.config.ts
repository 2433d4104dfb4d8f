import { defineConfig } from "vitest/config";

// Logic alone: what needs a page is tested in Chromium against the real binary (vitest.browser.config.ts).
export default defineConfig({ test: { include: ["src/**/*.test.ts", "build/**/*.test.ts"], environment: "node" } });
