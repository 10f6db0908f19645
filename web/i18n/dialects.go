//go:build !js

package i18n

import "embed"

//go:embed dialects/*.json
var dialects embed.FS

// DialectJSON returns what a language says of the dialects, as the page fetches it.
func DialectJSON(lang string) ([]byte, error) { return dialects.ReadFile("dialects/" + lang + ".json") }

// LoadAll returns the catalog of a language with what it says of the dialects.
func LoadAll(lang string) Catalog {
	c := Load(lang)
	if data, err := DialectJSON(lang); err != nil || c.Add(data) != nil {
		return Catalog{Lang: lang}
	}
	return c
}
