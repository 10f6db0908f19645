//go:build !js

package main

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"path"
	"slices"
	"strings"

	"example.org/smtpauth/web/api"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/lab"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	//go:embed head.html
	headHTML string
	//go:embed page.html
	pageHTML string
	//go:embed plain.html
	plainHTML string

	programPage = template.Must(template.New("page").Parse(headHTML + pageHTML))
	plainPage   = template.Must(template.New("plain").Parse(headHTML + plainHTML))
)

// pages makes the pages of one build.
type pages struct {
	place
	build string            // a digest of all that went into it
	names map[string]string // of files: as they are called here, as they are called in the site
	files site              // by their names in the site
}

// Address is the full one of a page, "en" or "" for the first; where the origin
// is not known, without host.
func (p pages) Address(page string) string {
	if page != "" {
		page += "/"
	}
	return p.origin + p.base + "/" + page
}

// A view is what the templates see.
type view struct {
	i18n.Catalog
	pages
	Page    string // below the base, without slashes: "en", or "" for the first
	Content template.HTML
	Missing bool // the page for an address that leads nowhere
	// Embedded is the compact form of the page, for frames. Its canonical address
	// is that of the whole one.
	Embedded bool
}

// Title is the page's own.
func (v view) Title() string {
	switch {
	case v.Missing:
		return v.T("missing.text") + " " + v.T("page.title")
	case v.Embedded:
		return v.T("page.title") + " · " + v.T("page.embed")
	case v.Page == "":
		title := v.T("page.title")
		for _, text := range v.Languages() {
			title += " · " + text.T("language.name")
		}
		return title
	}
	return v.T("page.title")
}

// Description is the page's own.
func (v view) Description() string {
	switch {
	case v.Missing:
		return v.T("missing.text")
	case v.Page == "":
		return v.T("page.home")
	}
	return v.T("page.description")
}

func (v view) Policy() string          { return api.Policy }
func (v view) Base() string            { return v.base }
func (v view) Origin() string          { return v.origin }
func (v view) Build() string           { return v.build }
func (v view) HasAPI() bool            { return v.api }
func (v view) File(name string) string { return v.base + "/" + v.Name(name) }

// Name is how a file is called in the site, below the base.
func (p pages) Name(name string) string { return p.names[name] }

// Size is a file's, in octets, not compressed.
func (p pages) Size(name string) int { return len(p.files[p.names[name]]) }

// Integrity are the attributes by which a browser checks a script or a style
// sheet (W3C Subresource Integrity). A frame in a sandbox cannot be given a file
// that is checked, unless the host says that everybody may read it, and then
// could not say so: an embedded page goes without.
func (v view) Integrity(name string) template.HTMLAttr {
	if v.Embedded {
		return ""
	}
	sum := base64.StdEncoding.EncodeToString(digest(v.files[v.Name(name)]))
	return template.HTMLAttr(` integrity="sha256-` + sum + `" crossorigin="anonymous"`)
}

// Sentences is the file of the page's language.
func (v view) Sentences() string { return "web/i18n/" + v.Lang + ".json" }

// More is what is fetched once it is needed: a JSON object of name to path and
// size. "texts" are what the page's language says of the rest.
func (v view) More() (string, error) {
	all := map[string][2]any{}
	for name := range v.names {
		switch dir, file := path.Split(name); {
		case dir == "dialects/", name == "programs.js":
			all[strings.TrimSuffix(file, ".json")] = [2]any{v.Name(name), v.Size(name)}
		case name == "index/"+v.Lang+".json":
			all["index"] = [2]any{v.Name(name), v.Size(name)}
		case name == "web/i18n/dialects/"+v.Lang+".json":
			all["texts"] = [2]any{v.Name(name), v.Size(name)}
		}
	}
	text, err := json.Marshal(all)
	return string(text), err
}

func (v view) Languages() (all []i18n.Catalog) {
	for _, lang := range i18n.Languages {
		all = append(all, i18n.Load(lang))
	}
	return all
}

// program returns a page that runs the program.
func (p pages) program(one content) ([]byte, error) {
	return execute(programPage, view{
		Catalog: i18n.Load(one.lang), pages: p, Page: one.lang, Content: template.HTML(one.html), Embedded: one.embedded,
	})
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
		return map[string]string{"src": p.names["icons/"+name], "sizes": sizes, "type": kind}
	}
	return json.MarshalIndent(map[string]any{
		"name":             text.T("page.title"),
		"short_name":       "SMTP AUTH",
		"lang":             text.Lang,
		"description":      text.T("page.description"),
		"id":               "./",
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

// prerender returns a root component as HTML, as it is before the first step.
func prerender(root app.Composer) (string, error) {
	d := app.NewServerTester(root)
	defer d.Close()
	return mend(app.HTMLString(root))
}

// A content is what a page that runs the program has before the program runs.
type content struct {
	lang     string
	embedded bool
	html     string
}

// path of the page, below the base.
func (c content) path() string {
	if c.embedded {
		return c.lang + "/embed/"
	}
	return c.lang + "/"
}

// contents prerenders every page.
func contents() (all []content, err error) {
	for _, lang := range i18n.Languages {
		whole, err := prerender(lab.NewPage(lang))
		if err != nil {
			return nil, err
		}
		compact, err := prerender(lab.NewEmbedded(lang))
		if err != nil {
			return nil, err
		}
		all = append(all, content{lang, false, whole}, content{lang, true, compact})
	}
	return all, nil
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
