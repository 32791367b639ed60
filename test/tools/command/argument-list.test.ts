import { describe, expect, it } from 'vitest';
import { argumentList } from '../../../src/tools/command/argument-list.js';

describe('the arguments of a program', () => {
  it.each<[string, string[], Record<string, unknown>, string[]]>([
    ['are as they are written', ['-n', 'a b', ''], {}, ['-n', 'a b', '']],
    ['take the place of their names', ['{{ a }}', 'x{{b}}y'], { a: 'one', b: 2 }, ['one', 'x2y']],
    ['keep to themselves', ['{{a}}'], { a: 'x; rm -rf / "$(id)" `id`\n&' }, ['x; rm -rf / "$(id)" `id`\n&']],
    ['may be empty', ['{{a}}'], { a: '' }, ['']],
    ['are left out when nothing was said', ['ls', '{{a}}', '--days={{b}}'], { b: null }, ['ls']],
    ['are there once for each item', ['{{a}}', '-t={{a}}'], { a: ['x', 'y'] }, ['x', 'y', '-t=x', '-t=y']],
    ['are not there for an empty list', ['{{a}}'], { a: [] }, []],
    ['hold several values', ['{{a}}:{{b}}'], { a: 'x', b: ['y', 'z'] }, ['x:y,z']],
    ['hold a value that looks like a place', ['{{a}}'], { a: '{{b}}', b: 'no' }, ['{{b}}']],
    ['hold objects as JSON', ['{{a}}', '{{b}}'], { a: { x: 1 }, b: true }, ['{"x":1}', 'true']],
    ["leave the program's own braces", ['{{.Names}}', '{{json .}}'], {}, ['{{.Names}}', '{{json .}}']],
    ['do not take what objects inherit', ['{{constructor}}'], {}, []],
    ['may begin with "-" after a prefix', ['-m{{a}}', '--n={{a}}'], { a: '-1' }, ['-m-1', '--n=-1']],
    ['may begin with "-" after "--"', ['--', '{{a}}'], { a: '-exec' }, ['--', '-exec']],
  ])('%s', (_, templates, args, wanted) => {
    expect(argumentList(templates, args)).toEqual(wanted);
  });

  it.each<[string, string[], Record<string, unknown>]>([
    ['an option', ['{{a}}', '--'], { a: '--output=/etc/passwd' }],
    ['an option in a list', ['{{a}}'], { a: ['x', '-exec'] }],
    ['a number that looks like one', ['{{a}}'], { a: -5 }],
    ['an option made of two values', ['{{a}}{{b}}'], { a: '', b: '-rf' }],
    ['"-" alone', ['{{a}}'], { a: '-' }],
    ['an option after a "--" of the model', ['-{{b}}', '{{a}}'], { b: '-', a: '-rf' }],
  ])('are refused when the program could take them for %s', (_, templates, args) => {
    expect(() => argumentList(templates, args)).toThrow(/must not start with "-"/);
  });

  it('contain no NUL', () => {
    expect(() => argumentList(['x={{a}}'], { a: 'a\0b' })).toThrow(/a must not contain a NUL/);
  });
});
