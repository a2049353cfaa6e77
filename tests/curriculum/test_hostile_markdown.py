"""Three hundred hostile lessons, shown by a real browser without any policy to help: none acts."""

from itertools import product

from lms.curriculum import markdown

ACTS = [
    "<script>hit(1)</script>",
    "<ScRiPt\n>hit(1)</sCrIpT >",
    "<scr<script>ipt>hit(1)</scr</script>ipt>",
    "<img src=x onerror=hit(1)>",
    "<img/src='x'/onerror=hit(1)>",
    '<img src="x` `<script>hit(1)</script>"` `>',
    "<svg onload=hit(1)>",
    "<svg><script>hit(1)</script></svg>",
    "<svg><animate onbegin=hit(1) attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=hit(1)></style></svg>",
    "<math><mi//xlink:href='data:x,<script>hit(1)</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=hit(1)>",
    "<iframe srcdoc='<script>parent.hit(1)</script>'></iframe>",
    "<iframe src=javascript:parent.hit(1)></iframe>",
    "<object data=javascript:hit(1)></object>",
    "<embed src=javascript:hit(1)>",
    "<body onload=hit(1)>",
    "<details open ontoggle=hit(1)>x</details>",
    "<video><source onerror=hit(1)></video>",
    "<audio src=x onerror=hit(1)></audio>",
    "<input autofocus onfocus=hit(1)>",
    "<select autofocus onfocus=hit(1)>",
    "<marquee onstart=hit(1)>x</marquee>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:hit(1)'>",
    "<base href=https://evil.example/>",
    "<form action=javascript:hit(1)><button autofocus onfocus=hit(1)>x</button></form>",
    "<a href=javascript:hit(1)>x</a>",
    "<a href='java&#10;script:hit(1)'>x</a>",
    "<p style='background:url(https://evil.example/x)'>x</p>",
    "<template><script>hit(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=hit(1)>'>",
    "<!--><img src=x onerror=hit(1)>-->",
    "<![CDATA[<img src=x onerror=hit(1)>]]>",
    "<?xml ?><img src=x onerror=hit(1)>",
    "[x](javascript:hit(1))",
    "[x](JaVaScRiPt:hit(1))",
    "[x](java\tscript:hit(1))",
    "[x](<javascript:hit(1)>)",
    "[x](&#106;avascript:hit(1))",
    "[x](data:text/html,<script>hit(1)</script>)",
    "[x](vbscript:hit(1))",
    '[x](https://ok.example/ "onmouseover=hit(1)")',
    "[x](https://ok.example/\"onmouseover='hit(1)')",
    "<javascript:hit(1)>",
    "![x](javascript:hit(1))",
    "![x](https://evil.example/x.png)",
    '![x" onerror="hit(1)](media:cycle.svg)',
    "![x](media:cycle.svg\"onerror='hit(1)')",
    '[x]: javascript:hit(1)\n\n[x]"onclick=hit(1)',
    "`<img src=x onerror=hit(1)>`",
    "```html\n<img src=x onerror=hit(1)>\n```",
    "&lt;img src=x onerror=hit(1)&gt;",
    "<img src=x onerror=hit(1)//",
    "<x onclick=hit(1) contenteditable autofocus onfocus=hit(1)>x",
    "<div\x0bonpointerrawupdate=hit(1)>x</div>",
    "<a\x00href=javascript:hit(1)>x</a>",
    "\N{RIGHT-TO-LEFT OVERRIDE}<script>hit(1)</script>",
    "<button popovertarget=x onbeforetoggle=hit(1) autofocus>x</button>",
]
PLACES = ["{}", "## {}", "- one\n- {}", "| a | b |\n|---|---|\n| {} | x |", "> **{}**"]
PAYLOADS = [place.format(act) for act, place in product(ACTS, PLACES)]
PICTURES = {"cycle.svg": markdown.Shown("/media/0.svg", 1, 1)}


def test_nothing_acts(browser):
    assert len(set(PAYLOADS)) == 300
    lessons = "".join(
        f"<section>{markdown.render(one, markdown.Surroundings(PICTURES))}</section>"
        for one in PAYLOADS
    )
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1; };")
    page.route("https://lessons.example/**", lambda route: route.fulfill(
        content_type="text/html", body=f"<!doctype html><main>{lessons}</main>"))  # fmt: skip
    page.goto("https://lessons.example/")
    found = page.evaluate(
        """() => ({
            hits: window.hits,
            sections: document.querySelectorAll('main > section').length,
            elements: [...new Set([...document.querySelectorAll('main *')].map(e => e.localName))],
            acting: [...document.querySelectorAll('main *')].flatMap(e => [...e.attributes])
                .filter(a => a.name.startsWith('on') || a.name === 'style').map(a => a.name),
            schemes: [...new Set([...document.querySelectorAll('main a[href]')]
                .map(a => a.protocol))],
        })"""
    )
    page.close()
    assert found["hits"] == 0
    assert found["sections"] == 300
    assert found["acting"] == []
    assert set(found["schemes"]) <= {"https:", "mailto:"}
    assert set(found["elements"]) <= markdown.ALLOWED | {"section", "tbody"}
    outside = {url for url in asked if not url.startswith("https://lessons.example/")}
    assert outside == set()


def test_the_browser_would_have_told(browser):
    page = browser.new_page()
    page.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1; };")
    page.route(
        "**/*",
        lambda route: route.fulfill(content_type="text/html", body="<img src=x onerror=hit(1)>"),
    )
    page.goto("https://lessons.example/")
    page.wait_for_function("window.hits === 1")
    page.close()
