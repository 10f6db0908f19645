package api

import (
	"bytes"
	"fmt"
	"html"
	"net/http"

	"example.org/smtpauth/web/i18n"
)

// follow answers GET /s/CODE with a page that leads to the playground, and that
// looks like something where it is shown before.
func (a *API) follow(w http.ResponseWriter, r *http.Request, code string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		refuseMethod(w, "GET, HEAD")
		return
	}
	link, found, err := a.find(code)
	if err != nil {
		a.Log("store: " + err.Error())
		problem(w, http.StatusServiceUnavailable, "the link could not be looked up")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	body, status := a.Missing(), http.StatusNotFound
	w.Header().Set("Cache-Control", "no-cache")
	if found {
		body, status = link.page(a.Origin(r), code), http.StatusOK
	}
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		w.Write(body)
	}
}

// page leads on by itself, and by a link. It is written by hand: templates
// would keep all methods of the whole program in it. What needs a whole address,
// with the origin, is left out without one.
func (link kept) page(origin, code string) []byte {
	text := i18n.Load(link.Lang)
	title := text.T("scenario." + link.Scenario + ".title")
	about := text.T("scenario." + link.Scenario + ".watch")
	if link.Edited {
		title, about = title+" · "+text.T("ui.scenario.edited"), text.T("page.description")
	}
	to := "/" + link.Lang + "/#" + link.Fragment
	var b bytes.Buffer
	put := func(format string, args ...string) {
		escaped := make([]any, len(args))
		for i, arg := range args {
			escaped[i] = html.EscapeString(arg)
		}
		fmt.Fprintf(&b, format+"\n", escaped...)
	}
	put("<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">", link.Lang)
	put(`<meta http-equiv="Content-Security-Policy" content="%s">`, Policy)
	put(`<meta http-equiv="refresh" content="0; url=%s">`, to)
	put(`<meta name="viewport" content="width=device-width, initial-scale=1">`)
	put(`<meta name="robots" content="noindex">`)
	put(`<link rel="icon" href="/icons/icon.svg" type="image/svg+xml">`) // without one, browsers ask for /favicon.ico
	put(`<title>%s · %s</title>`, title, text.T("page.title"))
	put(`<meta name="description" content="%s">`, about)
	properties := [][2]string{
		{"og:type", "website"}, {"og:site_name", text.T("page.title")}, {"og:title", title}, {"og:description", about},
	}
	if origin != "" {
		properties = append(properties, [][2]string{
			{"og:url", origin + "/s/" + code}, {"og:image", origin + "/card.png"},
			{"og:image:width", "1200"}, {"og:image:height", "630"}, {"og:image:alt", text.T("page.card")},
		}...)
	}
	for _, property := range properties {
		put(`<meta property="%s" content="%s">`, property[0], property[1])
	}
	put(`<meta name="twitter:card" content="summary_large_image">`)
	put("</head>\n<body>\n<main>\n<h1>%s</h1>", title)
	put("<p>%s</p>\n<p><a href=\"%s\">%s</a></p>\n</main>\n</body>\n</html>", about, to, text.T("missing.back"))
	return b.Bytes()
}
