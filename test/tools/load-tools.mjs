// Loads tool modules with the built program, as Node itself imports it (vitest would transform it first), and prints
// what came of each: tool names, or the error. Arguments: the URL of the built library, and the modules.
const [built, ...specs] = process.argv.slice(2);
const { loadTools } = await import(built);

const outcomes = [];
for (const spec of specs) {
  try {
    const tools = await loadTools([spec]);
    outcomes.push({ names: tools.map(({ name }) => name) });
  } catch ({ name, message, hint, exitCode }) {
    outcomes.push({ error: { name, message, hint, exitCode } });
  }
}
process.stdout.write(JSON.stringify(outcomes));
