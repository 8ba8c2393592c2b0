// IRIs, prefixed names and literals as SPARQL writes them (SPARQL 1.1, section 4.1).

/** Names after the prefix table of the release. */
export class Names {
  /** @param {Record<string, string>} prefixes namespace by prefix  @param {string} base of our own IRIs */
  constructor(prefixes, base) {
    this.prefixes = prefixes;
    this.base = base;
    // The longest namespace wins: vocab/role/ before vocab/.
    this.byLength = Object.entries(prefixes).sort(([, a], [, b]) => b.length - a.length);
  }

  /** Shorten an IRI where the rest is a plain local name; else give it back. */
  shorten(iri) {
    for (const [prefix, namespace] of this.byLength) {
      const local = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u.test(local)) return `${prefix}:${local}`;
    }
    return iri;
  }

  /** Expand a prefixed name; anything else is given back. */
  expand(name) {
    const [prefix, local] = name.split(/:(.*)/s);
    return local !== undefined && !local.startsWith("//") && prefix in this.prefixes ? this.prefixes[prefix] + local : name;
  }

  /** The address under which this site shows one of its own IRIs; a web address stays, all else has none. */
  href(iri) {
    if (iri.startsWith(this.base)) return "/" + iri.slice(this.base.length).replace(/^id\//, "doc/");
    return /^https?:\/\//i.test(iri) ? iri : "";
  }
}

const escapes = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

export const literal = (text) => `"${text.replace(/[\\"\n\r\t]/g, (c) => escapes[c])}"`;
const XSD_DATE = "<http://www.w3.org/2001/XMLSchema#date>";

/** Write what was typed as a term of the type of a parameter; nothing that is typed can become anything else. */
export function termOf(type, text, names, example) {
  if (type === "date") return `${literal(text)}^^${XSD_DATE}`;
  if (type === "integer") return /^[+-]?\d+$/.test(text) ? text : literal(text);
  if (type !== "iri") return literal(text);
  const named = /^[a-z0-9-]+$/.test(text) && example.includes(":") ? `${example.split(":")[0]}:${text}` : text;
  return `<${names.expand(named).replace(/[<>"{}|^`\\\u0000-\u0020]/g, (c) => encodeURIComponent(c))}>`;
}
