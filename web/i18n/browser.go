//go:build js && !worker

package i18n

import "syscall/js"

// Load returns the catalog that the page's loader has fetched as JSON text and
// left in playgroundCatalog. It is the page's own language; lang is believed.
func Load(lang string) Catalog {
	text := js.Global().Get("playgroundCatalog")
	if text.Type() != js.TypeString {
		return Catalog{Lang: lang}
	}
	c, err := Parse(lang, []byte(text.String()))
	if err != nil {
		js.Global().Get("console").Call("error", err.Error())
	}
	return c
}
