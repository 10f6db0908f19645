//go:build !js

package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/lab"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// policy is what the pages may do: nothing from another host, nothing inline.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"

var (
	//go:embed page.html
	pageHTML string
	//go:embed plain.html
	plainHTML string

	programPage = template.Must(template.New("page").Parse(pageHTML))
	plainPage   = template.Must(template.New("plain").Parse(plainHTML))
)

// pages makes the pages of one build.
type pages struct {
	base     string // "" or "/prefix"
	build    string
	wasmSize int      // octets of app.wasm, not compressed
	content  []string // prerendered, in the order of i18n.Languages
}

// A view is what the templates see.
type view struct {
	i18n.Catalog
	pages
	Content template.HTML
	Missing bool // the page for an address that leads nowhere
}

func (v view) Policy() string          { return policy }
func (v view) Base() string            { return v.base }
func (v view) WasmSize() int           { return v.wasmSize }
func (v view) File(name string) string { return v.base + "/" + name + "?v=" + v.build }

func (v view) Languages() (all []i18n.Catalog) {
	for _, lang := range i18n.Languages {
		all = append(all, i18n.Load(lang))
	}
	return all
}

// program returns the page that runs the program, with its content prerendered.
func (p pages) program(lang, content string) ([]byte, error) {
	return execute(programPage, view{Catalog: i18n.Load(lang), pages: p, Content: template.HTML(content)})
}

// plain returns the page that chooses a language, or the one for a missing page.
func (p pages) plain(missing bool) ([]byte, error) {
	return execute(plainPage, view{Catalog: i18n.Load("en"), pages: p, Missing: missing})
}

func execute(t *template.Template, v view) ([]byte, error) {
	var b bytes.Buffer
	err := t.Execute(&b, v)
	return b.Bytes(), err
}

// manifest returns the web application manifest; its addresses are relative to
// itself.
func (p pages) manifest() ([]byte, error) {
	text := i18n.Load("en")
	icon := func(name, sizes, kind string) map[string]string {
		return map[string]string{"src": "icons/" + name + "?v=" + p.build, "sizes": sizes, "type": kind}
	}
	return json.MarshalIndent(map[string]any{
		"name":             text.T("page.title"),
		"short_name":       "SMTP AUTH",
		"description":      text.T("page.description"),
		"start_url":        "./",
		"scope":            "./",
		"display":          "standalone",
		"background_color": "#f5f6f8",
		"theme_color":      "#f5f6f8",
		"icons": []map[string]string{
			icon("icon.svg", "any", "image/svg+xml"),
			icon("icon-192.png", "192x192", "image/png"),
			icon("icon-512.png", "512x512", "image/png"),
		},
	}, "", "  ")
}

// prerender returns the root component as HTML, as it is before the first step.
func prerender(lang string) (string, error) {
	root := lab.NewPage(lang)
	d := app.NewServerTester(root)
	defer d.Close()
	return mend(app.HTMLString(root))
}

// switches are attributes that hold by being there.
var switches = []string{"checked", "disabled", "hidden", "multiple", "open", "readonly", "required", "selected"}

// mend parses what go-app has printed and prints it again as HTML: go-app writes
// attributes in any order, the value "true" as none, "false" as if HTML knew it,
// quotes as Go does, and a line end around each child, which the program does not
// show. A quote within an attribute cannot be mended here, so it is an error, as
// is what the page's policy would refuse.
func mend(fragment string) (string, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), body)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, n := range nodes {
		body.AppendChild(n)
	}
	for n := range body.Descendants() {
		if n.Type == html.TextNode {
			n.Data = strings.TrimSuffix(strings.TrimPrefix(n.Data, "\n"), "\n")
		}
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Val == "false" && slices.Contains(switches, a.Key) })
		if n.Data == "script" || n.Data == "style" {
			return "", fmt.Errorf("a component renders <%s>", n.Data)
		}
		for i, a := range n.Attr {
			switch {
			case strings.ContainsAny(a.Key, `"'\`) || strings.HasSuffix(a.Val, `\`):
				return "", fmt.Errorf("an attribute of <%s> has a quote or a backslash in its value", n.Data)
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				return "", fmt.Errorf("<%s> has an inline %s, which the policy refuses", n.Data, a.Key)
			case a.Val == "" && strings.HasPrefix(a.Key, "aria-"):
				n.Attr[i].Val = "true"
			}
		}
		slices.SortFunc(n.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	}
	for _, n := range nodes {
		if err := html.Render(&b, n); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}
