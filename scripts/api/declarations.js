// What a user of the library can name or reach: the declarations that the entry points export, and those that these
// refer to.
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

const printer = ts.createPrinter({ removeComments: true });

/** Path of the declarations that an import resolves to; undefined for packages. */
function target(from, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  return normalize(join(dirname(from), specifier.replace(/\.js$/, '.d.ts')));
}

function hasModifier(node, kind) {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind)
  );
}

/** A node without the parts that do not belong to the surface: comments, private members, `export` and `declare`. */
function surfaceOf(node, file) {
  const { transformed } = ts.transform(node, [
    (context) => (root) => {
      const visit = (child) => {
        if (ts.isClassElement(child)) {
          const hidden = hasModifier(child, ts.SyntaxKind.PrivateKeyword);
          if (hidden || (child.name !== undefined && ts.isPrivateIdentifier(child.name))) return undefined;
        }
        if (child.kind === ts.SyntaxKind.ExportKeyword || child.kind === ts.SyntaxKind.DeclareKeyword)
          return undefined;
        const next = ts.visitEachChild(child, visit, context);
        return isZodEnum(next) ? sortedMembers(next, context.factory) : next;
      };
      return visit(root);
    },
  ]);
  return sortedUnions(printer.printNode(ts.EmitHint.Unspecified, transformed[0], file));
}

// The compiler writes the members of an inferred union in an order that depends on unrelated code.

function isZodEnum(node) {
  return (
    ts.isTypeReferenceNode(node) &&
    ts.isQualifiedName(node.typeName) &&
    node.typeName.right.text === 'ZodEnum'
  );
}

function sortedMembers(node, factory) {
  const [values, ...rest] = node.typeArguments ?? [];
  if (values === undefined || !ts.isTypeLiteralNode(values)) return node;
  const members = [...values.members].sort((a, b) => (a.name.text < b.name.text ? -1 : 1));
  return factory.updateTypeReferenceNode(node, node.typeName, [
    factory.createTypeLiteralNode(members),
    ...rest,
  ]);
}

function sortedUnions(text) {
  return text.replace(/"[^"\n]*"(?: \| "[^"\n]*")+/g, (union) => union.split(' | ').sort().join(' | '));
}

/** Top-level names of a file: what it declares, and where the others come from. */
function scopeOf(file) {
  const declared = new Map();
  const imported = new Map();
  const exported = new Map();
  const stars = [];
  for (const node of file.statements) {
    if (ts.isImportDeclaration(node)) {
      const module = node.moduleSpecifier.text;
      const { name, namedBindings } = node.importClause ?? {};
      if (name !== undefined) imported.set(name.text, { module, name: 'default' });
      if (namedBindings !== undefined && ts.isNamedImports(namedBindings))
        for (const { name: local, propertyName } of namedBindings.elements)
          imported.set(local.text, { module, name: (propertyName ?? local).text });
    } else if (ts.isExportDeclaration(node)) {
      const module = node.moduleSpecifier?.text;
      if (node.exportClause === undefined) stars.push(module);
      else if (ts.isNamedExports(node.exportClause))
        for (const { name, propertyName } of node.exportClause.elements)
          exported.set(name.text, { module, name: (propertyName ?? name).text });
    } else if (ts.isVariableStatement(node)) {
      for (const { name } of node.declarationList.declarations) add(name.text, node);
    } else if (node.name !== undefined) add(node.name.text, node);
  }
  return { declared, imported, exported, stars };

  function add(name, node) {
    declared.set(name, [...(declared.get(name) ?? []), node]);
    if (hasModifier(node, ts.SyntaxKind.ExportKeyword)) exported.set(name, { module: undefined, name });
  }
}

/** Identifiers and `import('…').Name` inside a node. */
function referencesIn(node) {
  const found = [];
  const visit = (child) => {
    if (ts.isImportTypeNode(child) && child.qualifier !== undefined) {
      const name = ts.isIdentifier(child.qualifier) ? child.qualifier.text : child.qualifier.getText();
      found.push({ module: child.argument.literal.text, name });
    } else if (ts.isIdentifier(child) && child.parent.name !== child) found.push({ name: child.text });
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

/**
 * @param {readonly string[]} entries declaration files of the entry points
 * @param {(path: string) => string} read
 * @returns {{ exported: Map<string, string[]>, reached: string[] }} names of each entry with their text, and the texts
 * of what these refer to
 */
export function declarationsOf(entries, read) {
  const files = new Map();
  const open = (path) => {
    if (!files.has(path)) {
      const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
      files.set(path, { file, scope: scopeOf(file) });
    }
    return files.get(path);
  };

  /** Where a name that a file exports is declared. */
  const declarationOf = (path, name) => {
    const { scope } = open(path);
    const way = scope.exported.get(name);
    if (way === undefined) {
      for (const star of scope.stars) {
        const next = target(path, star);
        const found = next === undefined ? undefined : declarationOf(next, name);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    if (way.module === undefined) return localOf(path, way.name);
    const next = target(path, way.module);
    return next === undefined ? undefined : declarationOf(next, way.name);
  };

  /** Where a name that is used in a file is declared; undefined for globals and packages. */
  const localOf = (path, name) => {
    const { scope } = open(path);
    const nodes = scope.declared.get(name);
    if (nodes !== undefined) return { path, name, nodes };
    const way = scope.imported.get(name);
    const next = way === undefined ? undefined : target(path, way.module);
    return next === undefined ? undefined : declarationOf(next, way.name);
  };

  const exportsOf = (path) => {
    const { scope } = open(path);
    const below = scope.stars
      .map((star) => target(path, star))
      .filter((next) => next !== undefined)
      .flatMap(exportsOf);
    return [...new Set([...scope.exported.keys(), ...below])].sort();
  };

  const seen = new Map();
  const queue = [];
  const take = (found) => {
    const key = `${found.path} ${found.name}`;
    if (!seen.has(key)) {
      const { file } = open(found.path);
      seen.set(key, [...new Set(found.nodes)].map((node) => surfaceOf(node, file)).join('\n'));
      queue.push(found);
    }
    return seen.get(key);
  };

  const exported = new Map();
  const named = new Set();
  for (const entry of entries)
    exported.set(
      entry,
      exportsOf(entry).map((name) => {
        const found = declarationOf(entry, name);
        if (found === undefined) return `${name}: from another package`;
        named.add(`${found.path} ${found.name}`);
        const text = take(found);
        return found.name === name ? text : `${name}: ${text}`;
      }),
    );

  for (let found = queue.pop(); found !== undefined; found = queue.pop())
    for (const node of found.nodes)
      for (const { module, name } of referencesIn(node)) {
        const next = module === undefined ? undefined : target(found.path, module);
        const reached = module === undefined ? localOf(found.path, name) : next && declarationOf(next, name);
        if (reached) take(reached);
      }

  const reached = [...seen].filter(([key]) => !named.has(key)).map(([, text]) => text);
  return { exported, reached: [...new Set(reached)].sort() };
}
