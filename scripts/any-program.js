// The lint rule for wording: programs that embed the library have other flags and names than the command line.
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = join(dirname(fileURLToPath(import.meta.url)), '../src');

const flag = /(^|[\s"'(`])--[a-z]/;
const command = /\bvoxterm (doctor|providers|devices|config|ask|talk|models|simulate|attach)\b/;
/** Only within a sentence; alone it is an identifier, such as the scope of the spans. */
const name = /(^|[\s"'(`])voxterm(?=$|[\s"'`),:;!?]|\.(\s|$))/;

/** Flags of other programs. */
const otherPrograms = {
  'audio/backends/system-programs.ts': 'the players of the system',
  'engines/speak/voice-program.ts': 'the voices of the system',
  'tools/modules/import-failure.ts': 'node --check',
  'testing/contract/memory-checks.ts': 'node --expose-gc',
};

/** @type {import('eslint').Rule.RuleModule} */
export const anyProgram = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      flag: 'A flag of the command line: say it in any program’s words, and give the advice in src/cli/advice.ts.',
      name: 'The name of the program: what embeds the library has another; see src/cli/advice.ts.',
    },
  },
  create(context) {
    const file = relative(src, context.filename).split(sep).join('/');
    const check = (node, text) => {
      if (typeof text !== 'string') return;
      if (flag.test(text) && otherPrograms[file] === undefined) context.report({ node, messageId: 'flag' });
      if (command.test(text) || (/\s/.test(text) && name.test(text))) {
        context.report({ node, messageId: 'name' });
      }
    };
    return {
      Literal: (node) => check(node, node.value),
      TemplateElement: (node) => check(node, node.value.cooked),
    };
  },
};
