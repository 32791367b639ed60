/**
 * What a message is about, as values: `provider`, `model`, `variable`, `host` and so on. `options` are the options of
 * `connect` that can change it. A program builds its own advice on them; the command line names its flags.
 */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;
