// The codes of errors, warnings and notes, as the source writes them.
import ts from 'typescript';

/** `config.unknown-key`; server errors have no dot. */
const codePattern = /^[a-z]+(?:-[a-z]+)*(?:\.[a-z]+(?:-[a-z]+)*)+$/;

/** The string literals that an expression can evaluate to. */
function stringsOf(node) {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...stringsOf(node.whenTrue), ...stringsOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return stringsOf(node.expression);
  return [];
}

/** Functions with a parameter `code`, and its place. */
function functionsWithCode(files) {
  const found = new Map();
  const note = (name, parameters) => {
    const place = parameters.findIndex((parameter) => parameter.name.getText() === 'code');
    if (name !== undefined && place >= 0) found.set(name, place);
  };
  for (const file of files)
    visit(file, (node) => {
      if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node))
        note(node.name?.getText(), node.parameters);
      if (ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer))
        note(node.name.getText(), node.initializer.parameters);
    });
  return found;
}

function visit(node, look) {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** @param {readonly ts.SourceFile[]} files */
export function codesIn(files) {
  const functions = functionsWithCode(files);
  const found = new Set();
  const take = (node) => {
    for (const text of stringsOf(node)) if (codePattern.test(text)) found.add(text);
  };
  for (const file of files)
    visit(file, (node) => {
      if (ts.isPropertyAssignment(node) && node.name.getText() === 'code') take(node.initializer);
      if (!ts.isCallExpression(node)) return;
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
      const argument = node.arguments[functions.get(name) ?? -1];
      if (argument !== undefined) take(argument);
    });
  return [...found].sort();
}
