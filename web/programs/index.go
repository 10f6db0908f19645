package programs

import (
	"encoding/json"
	"strings"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
)

// An indexer makes the index of a language.
type indexer struct {
	text   i18n.Catalog
	titles map[string]string // of places: "server postfix-cyrus"
	all    []view.Result
}

// Index is index/LANG.json: what is found in a language besides the scenarios.
// text has what the language says of the dialects, too.
func Index(p *Programs, replies []Reply, text i18n.Catalog) []view.Result {
	x := &indexer{text: text, titles: map[string]string{}}
	for _, r := range view.Scenarios(text) {
		x.titles["scenario "+r.Place.ID] = r.Title
	}
	for _, m := range p.Meetings {
		name := "meeting." + m.ID
		for _, a := range m.Acts {
			x.add(view.Result{Title: text.T(name+".title") + " · " + text.T(name+"."+a.ID), Note: a.Client + " → " + a.Server,
				More:  text.T(name + ".story"),
				Place: view.Place{In: view.FoundAct, ID: m.ID + "/" + a.ID, At: a.At}})
		}
	}
	x.programs(view.FoundServer, p.Servers)
	x.programs(view.FoundClient, p.Clients)
	for _, r := range replies {
		more := ""
		if r.Fault != "" {
			more = text.T("fault."+r.Fault) + view.Called(text, "fault", r.Fault)
		}
		x.all = append(x.all, view.Result{Kind: view.FoundReply, Title: r.Text, Note: x.titles[string(r.Place.In)+" "+r.Place.ID],
			More: more, Codes: r.Codes, Place: r.Place})
	}
	return x.all
}

// add adds what is a place of its own. It is found by its id too, and by the
// words that people have for it.
func (x *indexer) add(r view.Result) {
	r.Kind = r.Place.In
	name := string(r.Kind) + " " + r.Place.ID
	x.titles[name] = r.Title
	r.More = strings.TrimSpace(r.Place.ID+" "+r.More) + view.Called(x.text, r.Kind, r.Place.ID)
	x.all = append(x.all, r)
}

func (x *indexer) programs(side view.Kind, list []Program) {
	for _, one := range list {
		note := strings.TrimPrefix(one.Version+" · "+x.text.T("dialect.evidence."+string(one.Evidence)), " · ")
		x.add(view.Result{Title: one.Name, Note: note, More: x.departs(one.Setup), Place: view.Place{In: side, ID: one.ID}})
		for _, v := range one.Variants {
			x.add(view.Result{Title: one.Name + " · " + v.Name, Note: note, More: x.departs(v.Setup), Place: view.Place{In: side, ID: one.ID + "/" + v.Name}})
		}
	}
}

// departs says how a program departs from the RFCs; the other side of its set-up
// does not.
func (x *indexer) departs(parts Parts) string {
	var set struct{ Quirks []string }
	var all []string
	for _, side := range []string{"server", "client"} {
		if json.Unmarshal(parts[side], &set) == nil {
			all = append(all, set.Quirks...)
		}
	}
	for i, name := range all {
		all[i] = x.text.T("quirk."+name) + view.Called(x.text, "quirk", name)
	}
	return strings.Join(all, " ")
}
