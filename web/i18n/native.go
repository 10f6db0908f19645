//go:build !js || worker

package i18n

import (
	"embed"
	"maps"
	"slices"
)

//go:embed *.json
var files embed.FS

// JSON returns the file of a language, as the page fetches it.
func JSON(lang string) ([]byte, error) { return files.ReadFile(lang + ".json") }

// Load returns the catalog of a language. A language that is missing or broken
// is a fault of the build, which the tests find: it shows its ids.
func Load(lang string) Catalog {
	data, err := JSON(lang)
	if err != nil {
		return Catalog{Lang: lang}
	}
	c, _ := Parse(lang, data)
	return c
}

// IDs returns the ids of the catalog's sentences in order.
func (c Catalog) IDs() []string { return slices.Sorted(maps.Keys(c.texts)) }
