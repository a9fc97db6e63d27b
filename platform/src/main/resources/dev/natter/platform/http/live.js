// Shows /asyncapi.json: what clients say and are told, and what services tell each other.
const contract = await (await fetch('/asyncapi.json')).json();
const {messages, schemas} = contract.components;
const last = reference => reference.slice(reference.lastIndexOf('/') + 1);

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter(child => child !== null));
  return made;
}

// The little of Markdown that the contract uses: headings, tables, lists, paragraphs, and code within a line.
function words(text) {
  return text.split(/(`[^`]+`)/).map(part =>
    part.startsWith('`') ? element('code', {}, part.slice(1, -1)) : part);
}

function table(lines) {
  const cells = line => line.slice(1, -1).split('|').map(cell => cell.trim());
  const row = (line, kind) => element('tr', {}, ...cells(line).map(cell => element(kind, {}, ...words(cell))));
  return element('table', {}, row(lines[0], 'th'), ...lines.slice(2).map(line => row(line, 'td')));
}

function markdown(text) {
  return text.trim().split(/\n\s*\n/).map(block => {
    const lines = block.split('\n').map(line => line.trim());
    if (lines[0].startsWith('## ')) return element('h2', {}, ...words(lines.join(' ').slice(3)));
    if (lines[0].startsWith('|')) return table(lines);
    return element('p', {}, ...words(lines.join(' ')));
  });
}

function kind(schema) {
  if (schema.$ref) return [element('a', {href: '#schema-' + last(schema.$ref)}, last(schema.$ref))];
  if ('const' in schema) return [element('code', {}, JSON.stringify(schema.const))];
  if (schema.enum) return schema.enum.flatMap((value, i) => [i ? ', ' : '', element('code', {}, value)]);
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice) return choice.flatMap((one, i) => [i ? ' or ' : '', ...kind(one)]);
  const types = [schema.type ?? 'anything'].flat();
  if (types.includes('array')) return ['list of ', ...kind(schema.items), ...(types.includes('null') ? [' or null'] : [])];
  if (schema.additionalProperties) {
    return ['map of ', ...kind(schema.propertyNames ?? {}), ' to ', ...kind(schema.additionalProperties)];
  }
  return [types.join(' or ')];
}

function describe(schema) {
  const own = schema.description ?? (schema.$ref ? schemas[last(schema.$ref)].description : '') ?? '';
  return words(own);
}

function fields(schema) {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([name, value]) => element('tr', {},
    element('td', {}, element('code', {}, name), required.has(name) ? null : element('i', {}, ' ?')),
    element('td', {}, ...kind(value)),
    element('td', {}, ...describe(value))));
  return rows.length ? element('table', {}, ...rows) : null;
}

function example(message) {
  const shown = (message.examples ?? []).map(one => JSON.stringify(one.payload, null, 2)).join('\n\n');
  return shown && element('details', {}, element('summary', {}, 'Example'), element('pre', {}, shown)) || null;
}

function card(key, heading, ...more) {
  const message = messages[key];
  return element('article', {id: key, class: key.split('.')[0]},
    element('h3', {}, heading, element('small', {}, message.summary)),
    ...(message.description ? markdown(message.description) : []),
    ...more, fields(message.payload), example(message));
}

function links(before, references) {
  const list = references.flatMap((reference, i) =>
    [i ? ', ' : '', element('a', {href: '#' + last(reference.$ref)}, messages[last(reference.$ref)].name)]);
  return element('p', {}, before, ...list);
}

const operations = Object.values(contract.operations);
const said = operations.filter(one => one.action === 'receive').map(one => {
  const key = last(one.messages[0].$ref);
  return [key, card(key, messages[key].name, one.reply ? links('Answered by ', one.reply.messages) : null)];
});
const told = Object.keys(contract.channels.socket.messages).filter(key => key.startsWith('server.'))
  .map(key => [key, card(key, messages[key].name)]);
const events = Object.entries(contract.channels).filter(([name]) => name !== 'socket').flatMap(([name, channel]) => {
  const by = operations.find(one => one.channel.$ref.endsWith('/' + name));
  return Object.keys(channel.messages).map(key =>
    [key, card(key, channel.address, by ? element('p', {}, by.title + ' this.') : null)]);
});
const shapes = Object.entries(schemas).map(([name, schema]) => ['schema-' + name,
  element('article', {id: 'schema-' + name},
    element('h3', {}, name),
    element('p', {}, ...words(schema.description ?? '')),
    schema.properties ? fields(schema) : element('p', {}, ...kind(schema)))]);

const parts = [['What you say', said], ['What you are told', told], ['Between services', events], ['Shapes', shapes]];
document.getElementById('page').replaceChildren(
  element('h1', {}, contract.info.title),
  element('p', {}, 'AsyncAPI ' + contract.asyncapi + ' at ', element('a', {href: '/asyncapi.json'}, '/asyncapi.json')),
  ...markdown(contract.info.description),
  ...parts.flatMap(([title, cards]) => [element('h2', {}, title), ...cards.map(([, shown]) => shown)]));
document.getElementById('contents').replaceChildren(
  ...parts.flatMap(([title, cards]) => [
    element('h2', {}, title),
    ...cards.map(([key]) => element('a', {href: '#' + key}, key.replace(/^(client|server|event|schema)[.-]/, '')))]));
if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
