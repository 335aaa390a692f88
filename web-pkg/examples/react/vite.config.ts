import { defineConfig } from "vite";

export default defineConfig({
  // While developing Vite would bundle the package and lose the .wasm file beside it.
  optimizeDeps: { exclude: ["leeway"] },
  build: { target: "es2022" },
  esbuild: { jsx: "automatic" },
});
