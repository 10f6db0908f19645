//go:build !js

package lab

import (
	"testing"

	dialects "example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// A holder renders what is no component by itself.
type holder struct {
	app.Compo
	ui app.UI
}

func (h *holder) Render() app.UI { return h.ui }

func TestMeetings(t *testing.T) {
	all, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	setup := setupOf(scenario.Default)
	setup.Meeting = "mox-authelia/aead738" // but nobody behaves like those two
	if _, here := view.MeetingsOf(all, setup); here != nil {
		t.Errorf("%+v", here)
	}
	setup.Server.Dialect, setup.Client.Dialect = "mox-aead738", "authelia-4.38.16"
	list, here := view.MeetingsOf(all, setup)
	if here == nil || len(list) != len(all.Meetings) {
		t.Fatalf("%d meetings, %+v", len(list), here)
	}
	golden(t, "meetings", &holder{ui: meetings(i18n.LoadAll("en"), list[:2])})
	golden(t, "meeting", &holder{ui: meeting(i18n.LoadAll("zh"), *here)})
	for _, lang := range i18n.Languages {
		text := i18n.LoadAll(lang)
		for _, m := range list {
			ids := []view.ID{m.Title, m.Story}
			for _, a := range m.Acts {
				ids = append(ids, a.Label, a.Evidence)
				if a.Server == "" || a.Client == "" {
					t.Errorf("%+v", a)
				}
			}
			for _, id := range ids {
				if !text.Has(string(id)) {
					t.Errorf("%s lacks %q", lang, id)
				}
			}
		}
	}
}

// Every act stands at its line with its story, its link leads back to both, and
// the story leaves with one of the two.
func TestMeet(t *testing.T) {
	all, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "en")
	p.act(actionMeet, "nul") // nothing is fetched yet
	if p.page.session.Setup().Meeting != "" {
		t.Error("a meeting is shown before it is there")
	}
	p.page.dialects, p.page.text = all, i18n.LoadAll("en")
	p.act(actionOpen, dialogActs)
	p.act(actionActs, tabMeetings)
	p.shows(`data-meeting="letter-r/interactive"`)
	p.act(actionClosed, nil)
	p.act(actionMeet, "nobody/nothing")
	p.lacks(`id="meeting"`)
	for _, m := range all.Meetings {
		for _, a := range m.Acts {
			name := m.ID + "/" + a.ID
			p.act(actionMeet, name)
			at := scenario.Point(p.page.session.Frames(), a)
			if at < 0 || p.page.session.At() != at || p.page.session.Setup().Meeting != name || p.page.link.notice.ID != "" {
				t.Errorf("%s: at %d of %d, %v", name, p.page.session.At(), at, p.page.link.notice)
			}
			if view.Typed(p.page.session.Setup()) {
				t.Errorf("%s has a password that links withhold", name)
			}
			p.page.follow(p.page.link.address.At(at))
			if p.page.session.At() != at || p.page.met() == nil {
				t.Errorf("%s: the link leads to %d of %d", name, p.page.session.At(), at)
			}
		}
	}
	p.act(actionMeet, "nul")
	p.shows(`id="meeting"`, p.page.text.T("meeting.nul.title"), p.page.text.T("ui.meeting.sources"), "draft-murchison-sasl-login-00")
	p.act(actionAct, act{session.Server, "exim"})
	p.lacks(`id="meeting"`)
}
