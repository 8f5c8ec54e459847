import { realPaths } from '../framework/real-paths.ts'

/** What `api.weixin.qq.com` has by its documents; the rows of the simulator are not repeated here. */
export const isRealWeChatPath = realPaths(`
  /card/* /bizwifi/* /shakearound/* /semantic/* /device/* /merchant/* /scan/* /customservice/* /datacube/* /publisher/*
  /channels/* /product/* /shop/* /union/* /tcb/* /intp/* /cv/* /sandbox/* /express/* /immediatedelivery/* /xpay/* /minigame/*
  /redpacketcover/* /invoice/* /nontax/* /wedata/* /retail/* /cityservice/* /guide/* /wxopen/* /bizsend/* /drama/*
  /wxa/business/* /wxa/sec/* /wxa/game/* /wxa/servicemarket* /wxa/plugin* /wxa/devplugin /wxa/charge/* /wxa/msg_template*
  /wxa/getwxadevinfo /wxa/getpluginopenpid /wxa/generatenfcscheme /wxa/set_user_storage /wxa/remove_user_storage
  /wxa/setuserinteractivedata /wxa/getcategory /wxa/get_category /wxa/get_page /wxa/commit /wxa/submit_audit /wxa/release
  /wxa/get_auditstatus /wxa/get_latest_auditstatus /wxa/undocodeaudit /wxa/revertcoderelease /wxa/grayrelease
  /wxa/modify_domain /wxa/setwebviewdomain /wxa/bind_tester /wxa/unbind_tester /wxa/memberauth /wxa/get_qrcode
  /wxa/getversioninfo /wxa/changevisitstatus /wxa/addnearbypoi /wxa/getnearbypoilist /wxa/delnearbypoi /wxa/setdynamicdata
  /wxa/query_quota /wxa/speedupaudit /wxa/gettemplatelist /wxa/gettemplatedraftlist /wxa/addtotemplate /wxa/deletetemplate
  /wxa/get_wxa_followsetting /wxa/getshowwxaitem /wxa/updateshowwxaitem /wxa/media_check /wxa/sendphoneverifycode
  /wxaapi/* /cgi-bin/account/* /cgi-bin/component/* /cgi-bin/comment/* /cgi-bin/express/* /cgi-bin/guide/* /cgi-bin/poi/*
  /cgi-bin/shorturl /cgi-bin/soter/* /cgi-bin/open/* /cgi-bin/wxopen/* /cgi-bin/wxaapp/* /cgi-bin/business/*
  /cgi-bin/freepublish/* /cgi-bin/draft/* /cgi-bin/groups/* /cgi-bin/user/* /cgi-bin/tags/* /cgi-bin/message/*
  /cgi-bin/material/* /cgi-bin/media/* /cgi-bin/menu/* /cgi-bin/template/* /cgi-bin/customservice/* /cgi-bin/openapi/*
  /cgi-bin/get_current_selfmenu_info /cgi-bin/get_current_autoreply_info /cgi-bin/getcallbackip /cgi-bin/showqrcode
  /cgi-bin/changewxaopenlist /cgi-bin/live/* /cgi-bin/setcallbackip /cgi-bin/service/* /cgi-bin/bizlogin/*
`)
