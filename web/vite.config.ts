import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { lean } from "./build/lean.ts";
import { precompress } from "./build/precompress.ts";

// `npm run dev` speaks to a running Forebay: `make run` in another terminal.
const forebay = process.env["FOREBAY_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), lean(), precompress()],
  build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 1200, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": forebay } },
});
