package lab

import (
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// meetings is the list of stories, each with its acts.
func meetings(text i18n.Catalog, list []view.Meeting) app.UI {
	var rows []app.UI
	for _, one := range list {
		rows = append(rows, app.Li().Body(told(text, one, two(text, one.Acts[0]))))
	}
	return div("", para("", text.T("ui.meetings.text")), app.Ul().Class("meetings").Body(rows...))
}

// meeting tells the story that the session comes from.
func meeting(text i18n.Catalog, here view.Meeting) app.UI {
	return told(text, here, nil).ID("meeting").Open(true)
}

// told is a story that unfolds, with its acts and its sources.
func told(text i18n.Catalog, m view.Meeting, who app.UI) app.HTMLDetails {
	var acts, sources []app.UI
	for _, a := range m.Acts {
		row := button("meeting-act").DataSet("meeting", a.Name).OnClick(meetNow)
		if a.Here {
			row.Aria("current", "true")
		}
		acts = append(acts, app.Li().Body(row.Body(span("meeting-label", text.T(string(a.Label))), two(text, a))))
	}
	for _, s := range m.Sources {
		sources = append(sources, app.Li().Text(s))
	}
	return app.Details().Class("meeting").Body(
		app.Summary().Class("meeting-title").Body(span("meeting-name", text.T(string(m.Title))), who),
		div("meeting-body",
			para("meeting-story", text.T(string(m.Story))),
			app.Ul().Class("meeting-acts").Aria("label", text.T("ui.meeting.acts")).Body(acts...),
			app.Details().Class("meeting-sources").Body(
				app.Summary().Text(text.T("ui.meeting.sources")), app.Ul().Body(sources...))))
}

// two names them, and how it is known what they do.
func two(text i18n.Catalog, a view.MeetingAct) app.UI {
	return span("meeting-pair", a.Client+" → "+a.Server+" · "+text.T(string(a.Evidence)))
}

func meetNow(ctx app.Context, _ app.Event) {
	if d := ctx.JSSrc().Call("closest", "dialog"); d.Truthy() {
		d.Call("close")
	}
	ctx.NewActionWithValue(actionMeet, ctx.JSSrc().Get("dataset").Get("meeting").String())
}

// meet shows an act of a meeting, at the line that it is about.
func (p *Page) meet(ctx app.Context, name string) {
	if p.dialects == nil {
		return
	}
	m, act, known := p.dialects.Meeting(name)
	if !known {
		return
	}
	setup, err := scenario.Meet(p.dialects, m, act)
	if err != nil {
		return
	}
	address, err := view.AddressOf(setup, nil, false)
	if err != nil {
		return
	}
	p.pause()
	p.follow(string(address))
	p.seek(ctx, scenario.Point(p.session.Frames(), m.Acts[act]))
}

// met is the meeting that the session comes from, or nil.
func (p *Page) met() *view.Meeting {
	setup := p.session.Setup()
	if p.dialects == nil || setup.Meeting == "" {
		return nil
	}
	_, here := view.MeetingsOf(p.dialects, setup)
	return here
}

// recall asks for the story of the session, where it has one.
func (p *Page) recall(ctx app.Context) {
	if p.session.Setup().Meeting != "" {
		p.fetch(ctx)
	}
}
