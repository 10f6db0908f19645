package lab

import (
	"strings"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// say puts what view has to say into words.
func say(text i18n.Catalog, w view.Words) string { return text.T(w.ID, worded(text, w.Args)...) }

// longestName is how much of a name a sentence shows, in characters: all of it
// stands in the lines that the sentence is about.
const longestName = 80

// worded puts the ids among the values of a sentence into words, and shortens
// names.
func worded(text i18n.Catalog, args []any) []any {
	all := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case view.ID:
			all[i] = text.T(string(a))
		case []view.ID:
			all[i] = list(text, a)
		case string:
			all[i] = shortened(a)
		case view.Words:
			all[i] = say(text, a)
		case []view.Words:
			all[i] = sayings(text, a)
		default:
			all[i] = a
		}
	}
	return all
}

func shortened(name string) string {
	if letters := []rune(name); len(letters) > longestName {
		return string(letters[:longestName-1]) + "…"
	}
	return name
}

// sayings puts several into words, one behind the other.
func sayings(text i18n.Catalog, all []view.Words) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = say(text, w)
	}
	if text.Lang == "zh" {
		return strings.Join(words, "；")
	}
	return strings.Join(words, "; ")
}

// list puts ids into words, one behind the other.
func list(text i18n.Catalog, ids []view.ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = text.T(string(id))
	}
	if text.Lang == "zh" {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

// named puts the name of a value into words.
func named(text i18n.Catalog, n view.Name) string {
	if n.Label != "" {
		return text.T(string(n.Label))
	}
	return n.Text
}

// runs shows stretches of text, each by its kind.
func runs(all []view.Run) []app.UI {
	elems := make([]app.UI, len(all))
	for i, r := range all {
		span := app.Span().Text(r.Text)
		if r.Kind != view.Plain {
			span.Class("run-" + string(r.Kind))
		}
		if name := view.ControlName(r.Text); name != "" && r.Kind == view.Control {
			span.DataSet("name", name)
		}
		elems[i] = span
	}
	return elems
}
