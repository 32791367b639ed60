import { type CompletionTree, flagsWithValue } from './tree.js';

/** Put into `$PROFILE`: `voxterm completion powershell | Out-String | Invoke-Expression`. */
export function powershell(tree: CompletionTree): string {
  const commands = tree.commands.map(({ path, words, flags }) => {
    const all = [...words.map(({ name }) => name), ...flags.flatMap(({ names }) => names)];
    return `    ${quoted(path.join(' '))} = ${list(all)}`;
  });
  const values = flagsWithValue(tree).flatMap(({ names, choices }) =>
    names.map((name) => `    ${quoted(name)} = ${list(choices)}`),
  );
  return `# PowerShell completion for voxterm: voxterm completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName voxterm -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${commands.join('\n')}
  }
  $values = @{
${values.join('\n')}
  }
  $path = ''
  $previous = ''
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete -ne '') { break }
    $word = $element.ToString()
    $longer = "$path $word".Trim()
    if (-not $values.ContainsKey($previous) -and $words.ContainsKey($longer)) { $path = $longer }
    $previous = $word
  }
  # An empty list lets PowerShell complete file names.
  $known = if ($values.ContainsKey($previous)) { $values[$previous] } else { $words[$path] }
  $known | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function list(words: readonly string[]): string {
  return `@(${words.map(quoted).join(', ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
