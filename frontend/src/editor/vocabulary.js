// Classes, properties and concepts that a query can use, asked from the endpoint itself once it is needed.
const QUERY = `PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term (SAMPLE(?is) AS ?kind) (SAMPLE(?english) AS ?label) (SAMPLE(?says) AS ?about) WHERE {
  VALUES (?type ?is) {
    (owl:Class "class") (owl:ObjectProperty "property") (owl:DatatypeProperty "property")
    (owl:AnnotationProperty "property") (skos:Concept "concept")
  }
  ?term a ?type FILTER(isIRI(?term))
  OPTIONAL { ?term rdfs:label|skos:prefLabel ?english FILTER(LANG(?english) = "en") }
  OPTIONAL { ?term rdfs:comment|skos:definition ?says FILTER(LANG(?says) = "en") }
} GROUP BY ?term ORDER BY ?term`;

let asked = null;

/** @returns {Promise<{term: string, short: string, kind: string, label: string, about: string}[]>} */
export function vocabulary(endpoint, names) {
  asked ??= ask(endpoint, names).catch(() => []);
  return asked;
}

async function ask(endpoint, names) {
  const address = `${endpoint}?${new URLSearchParams({ query: QUERY })}`;
  const answer = await fetch(address, { headers: { Accept: "application/sparql-results+json" } });
  if (!answer.ok) return [];
  const rows = (await answer.json()).results.bindings;
  return rows.map((row) => ({
    term: row.term.value, short: names.shorten(row.term.value), kind: row.kind?.value ?? "",
    label: row.label?.value ?? "", about: row.about?.value ?? "",
  }));
}
