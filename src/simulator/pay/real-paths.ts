import { realPaths } from '../framework/real-paths.ts'

/** What the WeChat Pay hosts have by their documents, as families; the rows of the simulator are not repeated here. */
export const isRealPayPath = realPaths(`
  /global/v3/* /hk/v3/* /v3/global/* /v3/pay/* /v3/combine-transactions/* /v3/refund/* /v3/bill/* /v3/billdownload/*
  /v3/transfer/* /v3/transfer-detail/* /v3/transferdownload/* /v3/partner-transfer/* /v3/fund-app/* /v3/funds-to-oversea/*
  /v3/profitsharing/* /v3/brand/* /v3/brand-basic/* /v3/ecommerce/* /v3/payscore/* /v3/papay/* /v3/partner-papay/*
  /v3/marketing/* /v3/multiuse/* /v3/discount-card/* /v3/industry-coupon/* /v3/industry-rebate/* /v3/rate-activity/*
  /v3/goldplan/* /v3/businesscircle/* /v3/smartguide/* /v3/catering/* /v3/lovefeast/* /v3/merchant/* /v3/merchantfund/*
  /v3/merchant-service/* /v3/merchant-settlement/* /v3/merchant-store/* /v3/merchant-risk-manage/* /v3/mch-manage/*
  /v3/mch-operation-manage/* /v3/mch_operate/* /v3/mchalterapply/* /v3/apply4sub/* /v3/apply4subject/* /v3/applyment4sub/*
  /v3/compliance/* /v3/capital/* /v3/certificates /v3/security/* /v3/webhooks /v3/realname/* /v3/recharge/*
  /v3/abnormal-fund-processing/* /v3/aggracct-bc/* /v3/bank-batch-transfer/* /v3/bank-transfer/* /v3/credit-repayment/*
  /v3/repayment/* /v3/ebike/* /v3/edu-papay/* /v3/edu-star/* /v3/eduschoolpay/* /v3/express/* /v3/facemch/* /v3/offlineface/*
  /v3/offlinefacemch/* /v3/palmservice/* /v3/gov/* /v3/hire-power-bank/* /v3/inspolicymgr/* /v3/iotmanage/* /v3/med-ins/*
  /v3/new-tax-control-fapiao/* /v3/parking/* /v3/password-exempt-contract/* /v3/pay-devices/* /v3/payroll-card/*
  /v3/platsolution/* /v3/qrcode/* /v3/taxi-invoice/* /v3/transaction-block/* /v3/vehicle/* /v3/webizpay/*
  /appauth/* /applyment/* /billcommentsp/* /cgi-bin/mch/* /deposit/* /face/* /fund/* /mchrisk/* /papay/*
  /payitil/* /secsvc/* /transit/* /vehicle/* /wxv/* /secapi/mch/* /secapi/mkt/* /tools/shorturl /risk/getviolation
  /mmpaymkttransfers/promotion/paywwsptrans2pocket /mmpaymkttransfers/promotion/querywwsptrans2pocket
  /mmpaymkttransfers/query_coupon_stock /mmpaymkttransfers/querycouponsinfo /mmpaymkttransfers/send_coupon
  /mmpaymkttransfers/queryworkwxredpack /mmpaymkttransfers/sendworkwxredpack
  /pay/closecombinedorder /pay/combinedorder /pay/contractorder /pay/downloadfundflow /pay/facepay /pay/facepayquery
  /pay/paporderquery /pay/pappayapply /pay/partner/* /pay/profitsharing* /pay/querycombinedorder /pay/queryexchagerate
  /pay/refundqueryv2 /pay/settlementquery /secapi/pay/facepayreverse /secapi/pay/multiprofitsharing
  /secapi/pay/profitsharing*
`)
