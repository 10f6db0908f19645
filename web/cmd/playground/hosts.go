//go:build !js

package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"example.org/smtpauth/web/api"
	"example.org/smtpauth/web/i18n"
)

// What search engines and hosts read.

// robots lets everybody in.
func (p pages) robots() []byte {
	b := []byte("User-agent: *\nAllow: /\n")
	if p.origin != "" {
		b = fmt.Appendf(b, "Sitemap: %s%s/sitemap.xml\n", p.origin, p.base)
	}
	return b
}

// sitemap lists the pages, each with its sisters (sitemaps.org, protocol 0.9).
func (p pages) sitemap() []byte {
	b := bytes.NewBufferString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
	for _, page := range append([]string{""}, i18n.Languages...) {
		fmt.Fprintf(b, "<url><loc>%s</loc>", p.Address(page))
		for _, lang := range i18n.Languages {
			fmt.Fprintf(b, `<xhtml:link rel="alternate" hreflang="%s" href="%s"/>`, lang, p.Address(lang))
		}
		fmt.Fprintf(b, `<xhtml:link rel="alternate" hreflang="x-default" href="%s"/></url>`+"\n", p.Address(""))
	}
	b.WriteString("</urlset>\n")
	return b.Bytes()
}

// headers are in the form that Cloudflare and Netlify read. Later rules add to
// earlier ones.
func (p pages) headers() []byte {
	var b bytes.Buffer
	rule := func(path string, headers ...api.Header) {
		fmt.Fprintf(&b, "%s/%s\n", p.base, path)
		for _, h := range headers {
			fmt.Fprintf(&b, "  %s: %s\n", h.Name, h.Value)
		}
	}
	rule("*", api.Headers("")...)
	for _, lang := range i18n.Languages {
		own := api.Headers(lang + "/embed/")
		fmt.Fprintf(&b, "%s/%s/embed/\n", p.base, lang)
		for _, h := range api.Headers("") { // a name after ! is taken away again
			if !slices.Contains(own, h) {
				fmt.Fprintf(&b, "  ! %s\n", h.Name)
			}
		}
		for _, h := range own {
			if !slices.Contains(api.Headers(""), h) {
				fmt.Fprintf(&b, "  %s: %s\n", h.Name, h.Value)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Values(p.names)) {
		rule(name, api.Header{Name: "Cache-Control", Value: keepForEver}, api.Readable)
	}
	return b.Bytes()
}
