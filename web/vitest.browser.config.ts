import { defineConfig } from "vitest/config";

// The pages in Chromium against the real binary: no mocks. One server and one Chromium for all files.
export default defineConfig({
  test: {
    include: [process.env["FOREBAY_SCREENSHOTS"] ? "browser/**/*.shots.ts" : "browser/**/*.test.ts"],
    globalSetup: ["browser/server.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // a machine that does something else besides may be too slow for a person of these tests once, not twice
    retry: 1,
  },
});
